import { fromFileUrl } from "@std/path";
import { assert, assertEquals } from "../support/assert.ts";
import { ACCOUNT, fakeCrcns } from "../support/servers/fake_crcns.ts";
import type { FakeFile } from "../support/servers/fake_files.ts";
import { fakeZenodo } from "../support/servers/fake_zenodo.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { inFolder } from "../support/in_folder.ts";
import { type Snippet, snippetsOf } from "./_page.ts";

const ROOT = new URL("../../", import.meta.url);
const MARK = "--- snippet ";
const WINGERT = fromFileUrl(new URL("tests/fixtures/wingert-small/", ROOT));

const pages = [
  "README.md",
  ...[...Deno.readDirSync(new URL("docs/", ROOT))]
    .filter(({ name }) => name.endsWith(".md")).map(({ name }) =>
      `docs/${name}`
    ),
].sort();

async function filesIn(
  folder: string,
  ...names: string[]
): Promise<Record<string, FakeFile>> {
  const files = await Promise.all(names.map(async (name) => {
    const bytes = await Deno.readFile(`${folder}/${name}`);
    return [name, { bytes, etag: `"${name}"` }] as const;
  }));
  return Object.fromEntries(files);
}

/** Modules fetched before, which HOME does not lead to in these runs. */
async function denoDir(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
    cwd: ROOT,
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

/** Runs the snippets of a page in a folder, and returns what each printed. */
async function run(
  snippets: readonly Snippet[],
  folder: string,
): Promise<string[]> {
  const paths = snippets.map(({ file, line }) =>
    `${folder}/${file ?? `line_${line}.ts`}`
  );
  for (const [i, { code }] of snippets.entries()) {
    await Deno.writeTextFile(paths[i] ?? "", code);
  }
  await using crcns = fakeCrcns(await filesIn(AC1_TINY, "crcns-ac1.zip"));
  await using zenodo = fakeZenodo(
    await filesIn(WINGERT, "cell_list.csv", "recordings.zip"),
  );
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--quiet"],
      ...["--config", fromFileUrl(new URL("deno.json", ROOT))],
      ...[
        "--preload",
        fromFileUrl(new URL("tests/support/servers/reroute.ts", ROOT)),
      ],
      fromFileUrl(new URL("_run_snippets.ts", import.meta.url)),
      ...[MARK, ...paths.filter((_, i) => snippets[i]?.file === undefined)],
    ],
    cwd: folder,
    clearEnv: true,
    env: {
      NO_COLOR: "1",
      HOME: folder,
      DENO_DIR: await denoDir(),
      CRCNS_USERNAME: ACCOUNT.username,
      CRCNS_PASSWORD: ACCOUNT.password,
      REROUTE: JSON.stringify({
        "https://crcns.org": crcns.hosts.login,
        "https://download.crcns.org": crcns.hosts.download,
        "https://zenodo.org": zenodo.origin,
      }),
    },
  }).output();
  const decoder = new TextDecoder();
  const printed = decoder.decode(stdout);
  assert(success, `${printed}\n${decoder.decode(stderr)}`);
  return printed.split(new RegExp(`^${MARK}.*\n`, "m")).slice(1);
}

for (const page of pages) {
  Deno.test(`${page}: every snippet runs and prints something`, () =>
    inFolder(async (folder) => {
      const text = await Deno.readTextFile(new URL(page, ROOT));
      const snippets = snippetsOf(text);
      if (snippets.length === 0) return;
      const printed = await run(snippets, folder);
      const alone = snippets.filter(({ file }) => file === undefined);
      assertEquals(printed.length, alone.length);
      for (const [i, { line, output }] of alone.entries()) {
        assert(printed[i]?.trim() !== "", `${page}:${line} prints nothing`);
        if (output !== undefined) {
          assertEquals(printed[i], output, `${page}:${line}`);
        }
      }
    }));
}
