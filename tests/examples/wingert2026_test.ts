import {
  assert,
  assertEquals,
  assertStringIncludes,
} from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";

const ROOT = new URL("../../", import.meta.url);
const FIXTURE = decodeURIComponent(
  new URL("../fixtures/wingert-small", import.meta.url).pathname,
);

const SUMMARY = [
  "  A1         9      3         4         3         2         0        0" +
  "       4      0.38         6\n",
  "  HC         1      1         0         0         0         1        0",
  "  none       3      1         0         0         0         0        3" +
  "       0         -         2\n",
  "One site, CLT027c:\n  N=4 S=5 F=32 dt=10 ms signal=spikes coverage=100 %\n",
  "  N=9 S=10 F=32 dt=10 ms signal=spikes coverage=50 %\n" +
  "  CLT027c: 5 stimuli x 4 cells\n" +
  "  PRN018a: 5 stimuli x 5 cells\n" +
  "  45 real responses, 45 never presented\n",
  "  SLJ032a: 3 cells, 5 stimuli\n  SLJ032a-B: 3 cells, 5 stimuli\n",
  "  20 s: 2 sites, 9 cells\n  22 s: 2 sites, 10 cells\n",
  '{ "duplicate-recording": 1 }',
];

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function example(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Run> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "examples/wingert2026.ts", ...args],
    cwd: decodeURIComponent(ROOT.pathname),
    env: { NO_COLOR: "1", WINGERT2026_DATA: "", ...env },
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

Deno.test("examples/wingert2026.ts: summarizes the data", () =>
  inFolder(async (folder) => {
    const { code, out, err } = await example(["--data", FIXTURE], {
      RXEPHYS_DATA_DIR: folder,
    });
    assertEquals(code, 0, err);
    for (const line of SUMMARY) assertStringIncludes(out, line);
    assertStringIncludes(err, "1/1 sites");
    assertStringIncludes(err, "4/4 sites");
  }));

Deno.test("examples/wingert2026.ts: other sites, the folder from the environment", () =>
  inFolder(async (folder) => {
    const { out } = await example(
      ["--site", "PRN015a", "--second", "SLJ032a-B"],
      { WINGERT2026_DATA: FIXTURE, RXEPHYS_DATA_DIR: folder },
    );
    assertStringIncludes(out, "One site, PRN015a:\n  N=4 S=5 F=32 dt=10 ms");
    assertStringIncludes(out, "  SLJ032a: 5 stimuli x 3 cells");
    assertStringIncludes(out, "  35 real responses, 35 never presented");
  }));

Deno.test("examples/wingert2026.ts: without data, a synthetic release, once", () =>
  inFolder(async (folder) => {
    const env = { RXEPHYS_DATA_DIR: folder };
    const first = await example([], env);
    assertEquals(first.code, 0, first.err);
    assertStringIncludes(first.err, "Using a small synthetic release");
    assertStringIncludes(first.out, "SLJ032a-B: ");
    const path = `${folder}/wingert2026-synthetic/truth.json`;
    const truth = await Deno.stat(path);
    const second = await example([], env);
    assertEquals(second.out, first.out);
    assertEquals((await Deno.stat(path)).mtime, truth.mtime);
  }));

Deno.test("examples/wingert2026.ts: --help and bad flags show the usage", async () => {
  const help = await example(["--help"], {});
  assertEquals(help.code, 0);
  assertStringIncludes(help.out, "--second SITE");
  const { code, err } = await example(["--sight", "CLT027c"], {});
  assertEquals(code, 2);
  assertStringIncludes(err, "error: Unknown option '--sight'");
  assertStringIncludes(err, "Usage: deno run -A examples/wingert2026.ts");
});

Deno.test("examples/wingert2026.ts: an error that the user can fix is one line", async () => {
  for (
    const [args, message] of [
      [["--data", "/nowhere/at/all"], "error: Cannot "],
      [["--data", FIXTURE, "--site", "CLT0"], "error: Cannot stream Wingert"],
    ] as const
  ) {
    const { code, err } = await example(args, {});
    assertEquals(code, 1);
    assertStringIncludes(err, message);
    assert(!err.includes("    at "), err);
  }
});
