import { fromFileUrl } from "@std/path";
import { assert, assertEquals } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { snippetsOf } from "./_page.ts";

const ROOT = new URL("../../", import.meta.url);
const readme = await Deno.readTextFile(new URL("README.md", ROOT));
const [, config = ""] = /^```json\n([\s\S]*?)^```\n/m.exec(readme) ?? [];
const [chain] = snippetsOf(readme);

/** Writes a project outside the clone, with the README's settings and chain. */
async function writeProject(
  folder: string,
  compilerOptions: Readonly<Record<string, boolean>>,
): Promise<void> {
  const settings = JSON.parse(config);
  assertEquals(settings.links, ["../rxephys"]);
  settings.links = [fromFileUrl(ROOT)];
  settings.compilerOptions = compilerOptions;
  await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify(settings));
  await Deno.writeTextFile(`${folder}/main.ts`, chain?.code ?? "");
}

async function deno(folder: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args, "main.ts"],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  assert(success, decoder.decode(stderr));
  return decoder.decode(stdout);
}

Deno.test("installing: a project outside the clone runs the README's chain", () =>
  inFolder(async (folder) => {
    await writeProject(folder, {});
    assertEquals(await deno(folder, "run", "-A", "--check"), chain?.output);
  }));
Deno.test("installing: it type-checks under a consumer's strict options", () =>
  inFolder(async (folder) => {
    await writeProject(folder, {
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noImplicitOverride: true,
    });
    await deno(folder, "check");
  }));
