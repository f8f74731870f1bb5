import {
  assert,
  assertEquals,
  assertStringIncludes,
} from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { inFolder } from "../support/in_folder.ts";
import { runExample } from "./_run_example.ts";

Deno.test("examples/wehr.ts: summarizes the data", async () => {
  for (
    const [args, env] of [
      [[AC1_TINY], {}],
      [[], { CRCNS_AC1_DATA: AC1_TINY }],
    ] as const
  ) {
    const { code, out, err } = await runExample("wehr.ts", args, env);
    assertEquals(code, 0, err);
    assertStringIncludes(
      out,
      "N=4 S=6 F=53 dt=5 ms signal=subthresh coverage=54 %\n",
    );
    assertStringIncludes(out, "{ range: 1, step: 2, xcorr: 3, kept: 62 }");
    assertStringIncludes(out, "undecodable: 1");
    // The best cell is the first.
    assert(/0 \S "20020511-mw-004" .* 9\.91\d+ .* 0\.990/.test(out), out);
  }
});

Deno.test("examples/wehr.ts: without data, a synthetic release, once", () =>
  inFolder(async (folder) => {
    const env = { RXEPHYS_DATA_DIR: folder };
    const first = await runExample("wehr.ts", [], env);
    assertEquals(first.code, 0, first.err);
    const path = `${folder}/crcns-ac1-synthetic`;
    assertStringIncludes(first.out, `${path}\n`);
    const truth = await Deno.stat(`${path}/truth.json`);
    const second = await runExample("wehr.ts", [], env);
    assertEquals(second.out, first.out);
    const again = await Deno.stat(`${path}/truth.json`);
    assertEquals(again.mtime, truth.mtime);
  }));

Deno.test("examples/wehr.ts: a folder without data is named", async () => {
  const { code, err } = await runExample("wehr.ts", ["/nowhere/at/all"]);
  assertEquals(code, 1);
  assertStringIncludes(
    err,
    "DataNotFoundError: Cannot find CRCNS AC1: nothing is there, expected " +
      "crcns-ac1.zip or the folder extracted from it",
  );
});

Deno.test("examples: one file each, of at most 60 lines", async () => {
  const folder = new URL("../../examples/", import.meta.url);
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (!isFile) continue;
    const text = await Deno.readTextFile(new URL(name, folder));
    const lines = text.split("\n").length - 1;
    assert(name.endsWith(".ts") && lines <= 60, `${name} has ${lines} lines`);
    assert(!/from "\.\.?\//.test(text), `${name} imports a file beside it`);
  }
});
