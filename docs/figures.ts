/**
 * Makes the pictures of docs/figures.md by its own snippets.
 *
 * Run: `deno run -A docs/figures.ts`, which writes `docs/figures/*.svg`.
 */
import { fromFileUrl } from "@std/path";

const BLOCK = /^```ts\n([\s\S]*?)^```\n/gm;
const here = (name: string): string =>
  fromFileUrl(new URL(name, import.meta.url));

const page = await Deno.readTextFile(here("figures.md"));
const wanted = [...page.matchAll(/\]\(figures\/([\w-]+\.svg)\)/g)]
  .map(([, name = ""]) => name);
const folder = await Deno.makeTempDir();
for (const [i, [, code = ""]] of [...page.matchAll(BLOCK)].entries()) {
  const module = `${folder}/snippet_${i}.ts`;
  await Deno.writeTextFile(module, code);
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--config", here("../deno.json"), module],
    cwd: folder,
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  if (!success) Deno.exit(1);
}
await Deno.mkdir(here("figures"), { recursive: true });
for (const name of wanted) {
  await Deno.copyFile(`${folder}/${name}`, here(`figures/${name}`));
}
await Deno.remove(folder, { recursive: true });
console.log(`Wrote ${wanted.length} pictures`);
