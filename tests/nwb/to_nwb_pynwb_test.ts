import {
  asari,
  crcnsAc1Pipeline,
  type Presentation,
  type Session,
  sessionsFrom,
  type Stimulus,
  type Trials,
  wehr,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import { toNwb } from "rxephys/nwb";
import { writeSyntheticAc1, writeSyntheticWingert } from "rxephys/synthetic";
import { lastValueFrom, type Observable, take, toArray } from "rxjs";
import { assertAlmostEquals, assertEquals } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { itemAt } from "../support/item_at.ts";
import {
  hasNwbPython,
  readNwb,
  type StoredFile,
  type StoredSeries,
  type StoredTable,
} from "./_nwb_python.ts";

type Read = { readonly stimulus: Stimulus; readonly trials: Trials };

async function sha256(values: ArrayBufferView): Promise<string> {
  const bytes = new Uint8Array(
    values.buffer as ArrayBuffer,
    values.byteOffset,
    values.byteLength,
  );
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

async function listed(
  sessions: Observable<Session>,
): Promise<Map<string, Read[]>> {
  const all = await lastValueFrom(sessions.pipe(toArray()));
  return new Map(
    await Promise.all(all.map(async (session) => {
      const presentations = await session.presentations();
      const reads = presentations.map(async (each: Presentation) => ({
        stimulus: each.stimulus,
        trials: await each.read(),
      }));
      return [session.id, await Promise.all(reads)] as const;
    })),
  );
}

/** Every trace of a session is in its file, sample for sample. */
async function checkTraces(
  file: StoredFile,
  reads: readonly Read[],
): Promise<void> {
  const stored = Object.entries(file.acquisition)
    .sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
    .map(([, series]) => series);
  for (const { stimulus, trials } of reads) {
    const [response] = trials.responses;
    for (const repeat of response?.repeats ?? []) {
      const series = stored.shift();
      assertEquals(series?.type, "CurrentClampSeries");
      assertEquals(series?.unit, "volts");
      assertEquals(series?.stimulus, stimulus.key);
      assertEquals(series?.rate, response?.rateHz);
      assertEquals(series?.conversion, (response?.scale ?? 0) / 1000);
      assertEquals(series?.sha256, await sha256(repeat as Int16Array));
    }
  }
  assertEquals(stored, []);
}

/** Spike times counted into bins are the counts that the session reads. */
function checkSpikes(file: StoredFile, reads: readonly Read[]): void {
  const { trials } = file.intervals;
  const starts = trials?.start_time as number[];
  let trial = 0;
  for (const { stimulus, trials: { responses } } of reads) {
    const repeats = Math.max(
      0,
      ...responses.map((r) => r?.repeats.length ?? 0),
    );
    for (let repeat = 0; repeat < repeats; repeat++, trial++) {
      assertEquals(trials?.stimulus?.[trial], stimulus.key);
      for (const [cell, response] of responses.entries()) {
        const counts = response?.repeats[repeat];
        if (!response || !counts) continue;
        const unit = file.units?.cell?.indexOf(cell) ?? -1;
        const times = file.units?.spike_times?.[unit] as number[];
        const stepS = (response.dtMs ?? NaN) / 1000;
        const start = itemAt(starts, trial);
        const counted = new Array<number>(counts.length).fill(0);
        for (const time of times) {
          const bin = Math.floor((time - start) / stepS);
          const before = counted[bin];
          if (before !== undefined) counted[bin] = before + 1;
        }
        assertEquals(counted, [...counts]);
      }
    }
  }
  assertEquals(trial, starts.length);
}

function tableOf(file: StoredFile, module: string, name: string): StoredTable {
  return file.processing[module]?.[name] as StoredTable;
}

Deno.test("toNwb: pynwb and nwbinspector find nothing, and read the same", {
  ignore: !hasNwbPython,
}, async () => {
  await inFolder(async (folder) => {
    await writeSyntheticAc1(`${folder}/ac1`);
    await writeSyntheticWingert(`${folder}/wingert`);
    const ac1 = wehr(`${folder}/ac1`).pipe(take(1));
    const ferrets = wingert2026(`${folder}/wingert`).pipe(take(1));
    const samples = Float32Array.from({ length: 4410 }, (_, i) => Math.sin(i));
    const own = sessionsFrom([{
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
    const write = async (
      name: string,
      sessions: Observable<Session>,
      compression: "gzip" | "none" = "none",
    ): Promise<void> => {
      const describe = () => ({ lab: "A lab" });
      const options = { compression, describe };
      const sink = toNwb(`${folder}/${name}`, options);
      await lastValueFrom(sessions.pipe(sink));
    };
    await write("traces", ac1);
    await write("packed", asari(`${folder}/ac1`).pipe(take(1)), "gzip");
    await write("bins", ac1.pipe(crcnsAc1Pipeline()), "gzip");
    await write("spikes", ferrets);
    await write("rates", ferrets.pipe(wingert2026Pipeline()));
    await write("own", own);
    const names = ["traces", "packed", "bins", "spikes", "rates", "own"];
    const files = await readNwb(...names.map((name) => `${folder}/${name}`));
    assertEquals(Object.keys(files).length, 7);
    for (const [path, { errors, faults, lab }] of Object.entries(files)) {
      assertEquals([path, errors, faults, lab], [path, [], [], "A lab"]);
    }

    const of = (name: string): StoredFile[] =>
      Object.entries(files).filter(([path]) => path.includes(`/${name}/`))
        .map(([, file]) => file);
    const read = await listed(ac1);
    for (const file of of("traces")) {
      await checkTraces(file, read.get(file.session) ?? []);
      assertEquals(file.species, "Rattus norvegicus");
    }
    const packed = await listed(asari(`${folder}/ac1`).pipe(take(1)));
    const [asariFile] = of("packed");
    if (asariFile) {
      await checkTraces(asariFile, packed.get(asariFile.session) ?? []);
    }
    const spiking = await listed(ferrets);
    for (const file of of("spikes")) {
      checkSpikes(file, spiking.get(file.session) ?? []);
    }
    await checkBins(
      itemAt(of("bins"), 0),
      await listed(ac1.pipe(crcnsAc1Pipeline())),
    );
    checkOwn(of("own"));
  });
});

/** Bins are in one series, and each trial is where its table says. */
async function checkBins(
  file: StoredFile,
  reads: ReadonlyMap<string, readonly Read[]>,
): Promise<void> {
  const series = file.processing.responses?.binned_subthresh as StoredSeries;
  const rows: Float32Array[] = [];
  let trial = 0;
  const starts = file.intervals.trials?.start_time as number[];
  const stops = file.intervals.trials?.stop_time as number[];
  for (const { trials } of reads.get(file.session) ?? []) {
    const [response] = trials.responses;
    for (const repeat of response?.repeats ?? []) {
      const seconds = itemAt(stops, trial) - itemAt(starts, trial);
      const bins = Math.round(seconds * series.rate);
      const row = new Float32Array(bins).fill(NaN);
      row.set(repeat as Float32Array);
      rows.push(row);
      trial++;
    }
  }
  const joined = Float32Array.from(rows.flatMap((row) => [...row]));
  assertEquals(series.shape, [joined.length, 1]);
  assertEquals([series.unit, series.conversion], ["volts", 1e-3]);
  assertEquals(series.sha256, await sha256(joined));
  const bands = tableOf(file, "stimuli", "bands");
  const [first] = reads.get(file.session) ?? [];
  const read = await first?.stimulus.read();
  const bandsHz: unknown = read && "shape" in read && read.bandsHz;
  assertEquals(bandsHz, bands.frequency);
  const [kept] = file.intervals.presentations?.gate_kept ?? [];
  assertEquals(kept, first?.trials.tally.kept);
}

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
