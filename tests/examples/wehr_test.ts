import {
  assert,
  assertEquals,
  assertStringIncludes,
} from "../support/assert.ts";
import { crcnsAc1Pipeline, readDataset, toDataset, wehr } from "rxephys";
import { lastValueFrom } from "rxjs";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { type ExampleRun, runExample } from "./_run_example.ts";
import { inFolder } from "../support/in_folder.ts";
import { itemAt } from "../support/item_at.ts";

const example = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ExampleRun> => runExample("wehr.ts", args, env);

Deno.test("examples/wehr.ts: summarizes the data", async () => {
  const { code, out, err } = await example(["--data", AC1_TINY]);
  assertEquals(code, 0, err);
  assertStringIncludes(
    out,
    "N=4 S=6 F=53 dt=5 ms signal=subthresh coverage=54 %\n",
  );
  assertStringIncludes(out, "{ range: 1, step: 2, xcorr: 3, kept: 62 }");
  assertStringIncludes(out, "20020508-mw-001 (cell 0): SNR 7.323, CCmax 0.973");
  assertStringIncludes(err, "5/5 sessions");
});

Deno.test("examples/wehr.ts: settings, and the folder from the environment", async () => {
  const { out } = await example(
    ["--dt", "10", "--fmax", "25600", "--median-ms", "250"],
    { CRCNS_AC1_DATA: AC1_TINY },
  );
  assertStringIncludes(out, "F=49 dt=10 ms");
});

Deno.test("examples/wehr.ts: without data, a synthetic release, once", () =>
  inFolder(async (folder) => {
    const env = { RXEPHYS_DATA_DIR: folder };
    const first = await example([], env);
    assertEquals(first.code, 0, first.err);
    assertStringIncludes(first.err, "Using a small synthetic release");
    const truth = await Deno.stat(`${folder}/crcns-ac1-synthetic/truth.json`);
    const second = await example([], env);
    assertEquals(second.out, first.out);
    const again = await Deno.stat(`${folder}/crcns-ac1-synthetic/truth.json`);
    assertEquals(again.mtime, truth.mtime);
  }));

Deno.test("examples/wehr.ts: --out writes NDJSON", () =>
  inFolder(async (folder) => {
    const path = `${folder}/wehr.ndjson`;
    const { out } = await example(["--data", AC1_TINY, "--out", path]);
    assertStringIncludes(
      out,
      `Wrote ${path}: 6 stimuli, 13 responses of 4 cells`,
    );
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    assertEquals(lines.length, 19);
    assertEquals(JSON.parse(itemAt(lines, 0)).type, "stimulus");
  }));

Deno.test("examples/wehr.ts: --out writes the format of the extension", () =>
  inFolder(async (folder) => {
    const same = await lastValueFrom(
      wehr(AC1_TINY).pipe(crcnsAc1Pipeline(), toDataset()),
    );
    for (const name of ["wehr.npz", "wehr.safetensors", "wehr.zarr"]) {
      const path = `${folder}/${name}`;
      const { code, err } = await example(["--data", AC1_TINY, "--out", path]);
      assertEquals(code, 0, err);
      const { responses } = await readDataset(path);
      assertEquals(responses, same.responses, name);
    }
  }));

Deno.test("examples/wehr.ts: --out with another extension is refused at once", async () => {
  const args = ["--data", "/nowhere/at/all", "--out", "wehr.csv"];
  const { code, err } = await example(args);
  assertEquals(code, 1);
  assertEquals(
    err,
    'error: --out is "wehr.csv", expected a name that ends with .ndjson, ' +
      ".npz, .safetensors, .zarr\n",
  );
});

Deno.test("examples/wehr.ts: --help and bad flags show the usage", async () => {
  const help = await example(["--help"]);
  assertEquals(help.code, 0);
  assertStringIncludes(help.out, "--median-ms MS");
  for (
    const [args, message] of [
      [["--dtt", "4"], "error: Unknown option '--dtt'"],
      [["--dt", "four"], 'error: --dt is "four", expected a number above 0'],
      [["--dt", "-1"], "error: "],
    ] as const
  ) {
    const { code, err } = await example(args);
    assertEquals(code, 2);
    assertStringIncludes(err, message);
    assertStringIncludes(err, "Usage: deno run -A examples/wehr.ts");
  }
});

Deno.test("examples/wehr.ts: a folder without data gives one line of error", async () => {
  const { code, err } = await example(["--data", "/nowhere/at/all"]);
  assertEquals(code, 1);
  assertStringIncludes(
    err,
    "error: Cannot find CRCNS AC1: nothing is there, expected crcns-ac1.zip or " +
      "the folder extracted from it",
  );
  assert(!err.includes("    at "), err);
});
