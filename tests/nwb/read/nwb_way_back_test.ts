import {
  crcnsAc1,
  crcnsAc1Pipeline,
  detrend,
  gate,
  type Session,
  sessionsFrom,
  signal,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import { nwb, toNwb } from "rxephys/nwb";
import { writeSyntheticAc1, writeSyntheticWingert } from "rxephys/synthetic";
import { identity, lastValueFrom, type Observable } from "rxjs";
import { inFolder } from "../../support/in_folder.ts";
import { checkSameDataset, checkWayBack, datasetOf } from "./_way_back.ts";

Deno.test("nwb: AC1 comes back from toNwb bit by bit", async () => {
  await inFolder(async (folder) => {
    await writeSyntheticAc1(`${folder}/ac1`);
    const source = crcnsAc1(`${folder}/ac1`);
    const back = await checkWayBack(`${folder}/nwb`, source);
    const before = await datasetOf(source, crcnsAc1Pipeline());
    checkSameDataset(await datasetOf(back, crcnsAc1Pipeline()), before);
    // Cleaned traces are float64, and the gate has counted.
    const cleaned = source.pipe(detrend(), gate(), signal());
    await checkWayBack(`${folder}/cleaned`, cleaned);
    // Bins and spectrograms are float32, as in a dataset.
    const processed = source.pipe(crcnsAc1Pipeline());
    await lastValueFrom(processed.pipe(toNwb(`${folder}/processed`)));
    const same = identity<Observable<Session>>;
    checkSameDataset(await datasetOf(nwb(`${folder}/processed`), same), before);
  });
});

Deno.test("nwb: Wingert comes back from toNwb bit by bit, also in workers", async () => {
  await inFolder(async (folder) => {
    await writeSyntheticWingert(`${folder}/wingert`);
    const source = wingert2026(`${folder}/wingert`);
    const back = await checkWayBack(`${folder}/nwb`, source);
    const before = await datasetOf(source, wingert2026Pipeline());
    checkSameDataset(await datasetOf(back, wingert2026Pipeline()), before);
    const inWorkers = wingert2026Pipeline({ parallel: 2 });
    checkSameDataset(await datasetOf(back, inWorkers), before);
  });
});

Deno.test("nwb: your own recordings come back: ragged, silent, floats, units", async () => {
  const waveform = {
    samples: Float64Array.of(0.1, 0.2, 0.3),
    rateHz: 97_656.25,
  };
  await inFolder(async (folder) => {
    await checkWayBack(
      folder,
      sessionsFrom([{
        id: "b",
        cells: [{ cellId: "x", depth: 100 }, { cellId: "y", list: [1, "z"] }],
        presentations: [{
          stimulus: { key: "a", waveform, meta: { name: "A", level: null } },
          traces: {
            repeats: [[[0.1, 0.2, 0.3], [0.4]], null],
            rateHz: 1000 / 3,
          },
        }, {
          stimulus: { key: "c", waveform, durationMs: 1 / 3 },
          traces: {
            repeats: [null, [Int16Array.of(1, -2)]],
            rateHz: 1e4,
            unit: "pA",
            kind: "subthresh",
          },
        }],
      }, {
        id: "a",
        cells: [{}, {}, {}],
        presentations: [{
          stimulus: {
            key: "d",
            spectrogram: {
              bands: [[1, 2], [3, 4], [5, 6]],
              dtMs: 7,
              unit: "dB",
            },
            durationMs: 107,
          },
          spikes: { timesMs: [[[1, 50], []], [[]], null], dtMs: 10 },
        }, {
          stimulus: { key: "a", waveform },
          spikes: { timesMs: [[[]], null, null], dtMs: 0.1, outside: "drop" },
        }],
      }, {
        id: "silent",
        cells: [{}],
        presentations: [{
          stimulus: { key: "d2", waveform, durationMs: 50 },
          spikes: { timesMs: [[[], []]], dtMs: 5 },
        }],
      }]),
    );
  });
});
