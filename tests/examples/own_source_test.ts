import {
  assert,
  assertEquals,
  assertStringIncludes,
} from "../support/assert.ts";
import { writeSyntheticLab } from "rxephys/synthetic";
import { inFolder } from "../support/in_folder.ts";
import { runExample } from "./_run_example.ts";

Deno.test("examples/own_source.ts: finds the tone and the delay of each cell", () =>
  inFolder(async (folder) => {
    const env = { RXEPHYS_DATA_DIR: folder };
    const { code, out, err } = await runExample("own_source.ts", [], env);
    assertEquals(code, 0, err);
    assertStringIncludes(out, "N=2 S=20 F=21 dt=5 ms signal=spikes");
    // A pip spans two bins: the peak may lie in either.
    assert(/made-up-1: STRF peak at 1000 Hz, (20|25) ms\n/.test(out), out);
    assert(/made-up-2: STRF peak at 4000 Hz, (40|45) ms\n/.test(out), out);
  }));

Deno.test("examples/own_source.ts: reads a folder, and names what is wrong in it", () =>
  inFolder(async (folder) => {
    await writeSyntheticLab(folder);
    const table = `${folder}/spikes.csv`;
    await Deno.writeTextFile(table, "made-up-1,pips-01.wav,11,3.0\n", {
      append: true,
    });
    const late = await runExample("own_source.ts", [folder]);
    assertEquals(late.code, 1);
    assertStringIncludes(
      late.err,
      "RangeError: Cannot make sessions: sessions[0].presentations[0].spikes." +
        "timesMs[0][10][0] is 3000, expected 0 to below 3000",
    );
    await Deno.remove(`${folder}/pips-02.wav`);
    const missing = await runExample("own_source.ts", [folder]);
    assertStringIncludes(
      missing.err,
      "Cannot read WAV: nothing is at the path",
    );
  }));

Deno.test("examples/own_source.ts: the source takes at most 30 lines", async () => {
  const path = new URL("../../examples/own_source.ts", import.meta.url);
  const text = await Deno.readTextFile(path);
  const [, source = ""] = text.split("// The source: 28 lines.\n");
  const lines = source.split("\n").indexOf("");
  assertEquals(lines, 28);
});
