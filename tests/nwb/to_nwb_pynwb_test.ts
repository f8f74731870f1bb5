import {
  crcnsAc1,
  crcnsAc1Pipeline,
  sessionsFrom,
  wehr,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import { assertAlmostEquals, assertEquals } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { tableOf } from "./_check_content.ts";
import { checkWritten } from "./_check_written.ts";
import { hasNwbPython, type StoredFile } from "./_nwb_python.ts";

const samples = Float32Array.from({ length: 4410 }, (_, i) => Math.sin(i));
const OWN = sessionsFrom([{
  id: "own/1: a",
  cells: [{ cellId: "a", species: "mouse" }, { cellId: "b", depth: 3 }],
  presentations: [{
    stimulus: { key: "tone", waveform: { samples, rateHz: 44_100 } },
    spikes: { timesMs: [[[1, 1.5, 80], []], null], dtMs: 5 },
  }, {
    stimulus: { key: "hum", waveform: { samples, rateHz: 44_100 } },
    traces: { repeats: [null, [[1, 2, 3], [4, 5]]], rateHz: 1000 },
  }],
}, {
  id: "silent",
  cells: [{ cellId: "c", species: "mouse" }],
  presentations: [{
    stimulus: { key: "tone", waveform: { samples, rateHz: 44_100 } },
    spikes: { timesMs: [[[]]], dtMs: 5 },
  }],
}]);

Deno.test(
  "toNwb: pynwb and nwbinspector find nothing in tiny releases and own recordings",
  {
    ignore: !hasNwbPython,
  },
  async () => {
    await inFolder(async (folder) => {
      const ac1 = "tests/fixtures/ac1-tiny";
      const ferrets = wingert2026("tests/fixtures/wingert-small", {
        includeUnlabeled: true,
      });
      const found = await checkWritten(folder, {
        "wehr": { sessions: wehr(ac1) },
        "pipeline": {
          sessions: crcnsAc1(ac1).pipe(crcnsAc1Pipeline()),
          compression: "gzip",
        },
        "ferrets": { sessions: ferrets },
        "rates": {
          sessions: ferrets.pipe(wingert2026Pipeline()),
          compression: "gzip",
        },
        "own": { sessions: OWN },
      });
      checkOwn(found.get("own") ?? []);
      for (const { species } of found.get("wehr") ?? []) {
        assertEquals(species, "Rattus norvegicus");
      }
    });
  },
);

function checkOwn([first, silent]: StoredFile[]): void {
  assertEquals(first?.session, "own-1: a");
  assertEquals(first?.species, "Mus musculus");
  assertEquals(first?.intervals.trials?.stimulus, [
    ...["tone", "tone", "hum", "hum"],
  ]);
  const [times = []] = (first?.units?.spike_times ?? []) as number[][];
  [0.0025, 0.0025, 0.0825].forEach((time, at) =>
    assertAlmostEquals(times[at] ?? NaN, time, 1e-12)
  );
  assertEquals(times.length, 3);
  const { trace_0_cell_1: trace } = first?.acquisition ?? {};
  assertEquals([trace?.type, trace?.unit, trace?.shape], [
    ...["TimeSeries", "volts", [3]],
  ]);
  assertEquals(tableOf(first as StoredFile, "responses", "cells").depth, [
    ...[null, 3],
  ]);
  assertEquals(silent?.units, null);
  const cells = tableOf(silent as StoredFile, "responses", "silent_cells");
  assertEquals(cells.obs_intervals, [[[0, 0.1]]]);
}
