import {
  assert,
  assertEquals,
  assertStringIncludes,
} from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { runExample } from "./_run_example.ts";

const FIXTURE = decodeURIComponent(
  new URL("../fixtures/wingert-small", import.meta.url).pathname,
);

const SUMMARY = [
  "22 cells, from the cell list alone; by area:\n",
  "One site: N=4 S=5 F=32 dt=10 ms signal=spikes coverage=100 %\n",
  "Two sites, block-diagonal: N=9 S=10 F=32 dt=10 ms signal=spikes " +
  "coverage=50 %\n  CLT027c: 5 stimuli x 4 cells\n" +
  "  PRN018a: 5 stimuli x 5 cells\n",
  "Both probes of SLJ032a, one session: N=6 S=5 F=32",
  'Sites by the length of their stimuli in s: { "20": 2, "22": 2 }',
];

Deno.test("examples/wingert2026.ts: summarizes the data", () =>
  inFolder(async (folder) => {
    const env = { RXEPHYS_DATA_DIR: folder };
    const { code, out, err } = await runExample(
      "wingert2026.ts",
      [FIXTURE],
      env,
    );
    assertEquals(code, 0, err);
    for (const line of SUMMARY) assertStringIncludes(out, line);
    assert(/"A1" +\S +9 \S +3 \S +4 \S +6 /.test(out), out);
    assert(/"none" +\S +3 \S +1 \S +0 \S +2 /.test(out), out);
    const named = await runExample("wingert2026.ts", [], {
      ...env,
      WINGERT2026_DATA: FIXTURE,
    });
    assertEquals(named.out, out);
  }));

Deno.test("examples/wingert2026.ts: without data, a synthetic release", () =>
  inFolder(async (folder) => {
    const env = { RXEPHYS_DATA_DIR: folder };
    const { code, out, err } = await runExample("wingert2026.ts", [], env);
    assertEquals(code, 0, err);
    assertStringIncludes(out, "Both probes of SLJ032a, one session: N=11");
    await Deno.stat(`${folder}/wingert2026-synthetic/truth.json`);
  }));
