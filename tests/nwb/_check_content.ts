import type {
  CellMeta,
  CellResponse,
  Presentation,
  Session,
  Stimulus,
  Trials,
} from "rxephys";
import { lastValueFrom, type Observable, toArray } from "rxjs";
import { assertEquals } from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";
import type { StoredFile, StoredSeries, StoredTable } from "./_nwb_python.ts";

/** A presentation that was read. */
export interface Read {
  readonly cells: readonly CellMeta[];
  readonly stimulus: Stimulus;
  readonly trials: Trials;
}

/** Reads all presentations, by session. */
export async function listed(
  sessions: Observable<Session>,
): Promise<Map<string, Read[]>> {
  const all = await lastValueFrom(sessions.pipe(toArray()));
  return new Map(
    await Promise.all(all.map(async (session) => {
      const presentations = await session.presentations();
      const reads = presentations.map(async (each: Presentation) => ({
        cells: session.cells,
        stimulus: each.stimulus,
        trials: await each.read(),
      }));
      return [session.id, await Promise.all(reads)] as const;
    })),
  );
}

/** Table of a processing module. */
export function tableOf(
  file: StoredFile,
  module: string,
  name: string,
): StoredTable {
  return file.processing[module]?.[name] as StoredTable;
}

/** Everything that a session reads is in its file, value for value. */
export async function checkContent(
  file: StoredFile,
  reads: readonly Read[],
): Promise<void> {
  const trials = [...trialsOf(file, reads)];
  const { start_time: starts = [], stimulus } = file.intervals.trials ?? {};
  assertEquals(trials.length, starts.length);
  assertEquals(trials.map(({ read }) => read.stimulus.key), stimulus ?? []);
  assertEquals(
    file.intervals.trials?.gate ?? [],
    trials.map(({ read: { trials: { tally } } }) =>
      tally.kept > 0 ? "kept" : "none"
    ),
  );
  await checkTraces(file, trials);
  checkSweeps(file);
  checkSpikes(file, trials);
  await checkBins(file, trials);
  await checkStimuli(file, reads);
  const { presentations: table } = file.intervals;
  for (const [at, { trials: { tally } }] of reads.entries()) {
    for (const reason of ["kept", "range", "step", "xcorr"] as const) {
      assertEquals(table?.[`gate_${reason}`]?.[at], tally[reason]);
    }
  }
}

interface Trial {
  readonly read: Read;
  readonly repeat: number;
  /** Start in s. */
  readonly startS: number;
}

/** Repeats in the order of the file. */
function* trialsOf(
  file: StoredFile,
  reads: readonly Read[],
): Generator<Trial> {
  const starts = file.intervals.trials?.start_time as number[] ?? [];
  let row = 0;
  for (const read of reads) {
    const { responses } = read.trials;
    const lengths = responses.map((each) => each?.repeats.length ?? 0);
    const repeats = Math.max(0, ...lengths);
    for (let repeat = 0; repeat < repeats; repeat++) {
      yield { read, repeat, startS: itemAt(starts, row++) };
    }
  }
}

/** Responses of one repeat, and their cells. */
function* responsesOf(
  { read: { trials }, repeat }: Trial,
): Generator<[CellResponse, CellResponse["repeats"][number], number]> {
  for (const [cell, response] of trials.responses.entries()) {
    const samples = response?.repeats[repeat];
    if (response && samples) yield [response, samples, cell];
  }
}

/** Every raw trace is a series, as pynwb and as h5py read it. */
async function checkTraces(
  file: StoredFile,
  trials: readonly Trial[],
): Promise<void> {
  const stored = Object.entries(file.acquisition).sort(([a], [b]) =>
    a.localeCompare(b, "en", { numeric: true })
  );
  for (const trial of trials) {
    for (const [response, samples, cell] of responsesOf(trial)) {
      if (response.kind !== "raw") continue;
      const [name, series] = stored.shift() ?? [];
      const { recordingType = "" } = trial.read.cells[cell] ?? {};
      const isPatch = /whole|attached/i.test(recordingType);
      const patch = /whole/i.test(recordingType)
        ? "CurrentClampSeries"
        : "PatchClampSeries";
      assertEquals(series?.type, isPatch ? patch : "TimeSeries");
      assertEquals(series?.unit, "volts");
      const { key } = trial.read.stimulus;
      assertEquals(series?.stimulus, isPatch ? key : undefined);
      assertEquals(series?.start, trial.startS);
      assertEquals(series?.rate, response.rateHz);
      assertEquals(series?.conversion, response.scale / 1000);
      await checkArrays(file, `acquisition/${name}`, series, samples);
    }
  }
  assertEquals(stored, []);
}

/** Each trace of a patch electrode is a row, with its electrode and sound. */
function checkSweeps(
  { sweeps, acquisition, intervals: { trials } }: StoredFile,
): void {
  const patches = Object.entries(acquisition).filter(([, { type }]) =>
    type !== "TimeSeries"
  );
  const rows = sweeps?.response?.map((response, row) => ({
    response: response as readonly unknown[],
    stimulus: sweeps.stimulus?.[row],
    electrode: sweeps.electrode?.[row],
    trial: Number(sweeps.trial?.[row]),
  })) ?? [];
  assertEquals(
    rows.map(({ response }) => response[2]).sort(),
    patches.map(([name]) => name).sort(),
  );
  for (const { response, stimulus, electrode, trial } of rows) {
    const [sound, ...traces] = trials?.timeseries?.[trial] as unknown[][];
    assertEquals(stimulus, sound);
    assertEquals(traces.filter(([, , name]) => name === response[2]), [
      response,
    ]);
    const [, , name] = response;
    assertEquals(electrode, String(name).replace(/^trace_\d+_/, ""));
    assertEquals(response[1], acquisition[String(name)]?.shape[0]);
  }
}

/** Spike times counted into bins are the counts that the session reads. */
function checkSpikes(file: StoredFile, trials: readonly Trial[]): void {
  const silent = file.processing.responses?.silent_cells as StoredTable;
  const units = file.units ?? silent;
  if (units === undefined) return;
  for (const trial of trials) {
    for (const [{ kind, dtMs = NaN }, counts, cell] of responsesOf(trial)) {
      if (kind !== "spikes") continue;
      const unit = units.cell?.indexOf(cell) ?? -1;
      const times = (units.spike_times?.[unit] ?? []) as number[];
      const counted = new Array<number>(counts.length).fill(0);
      for (let at = firstFrom(times, trial.startS); at < times.length; at++) {
        const bin = Math.floor(
          (itemAt(times, at) - trial.startS) / (dtMs / 1000),
        );
        if (bin >= counts.length) break;
        counted[bin] = itemAt(counted, bin) + 1;
      }
      // As texts, since assertEquals takes a second for a million numbers.
      assertEquals(counted.join(), Array.from(counts).join());
    }
  }
}

/** Index of the first time from a start on; times rise. */
function firstFrom(times: readonly number[], startS: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (itemAt(times, middle) < startS) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Other bins are `[bins, cells]`, each trial where its table says. */
async function checkBins(
  file: StoredFile,
  trials: readonly Trial[],
): Promise<void> {
  const cells = tableOf(file, "responses", "cells").meta?.length ?? 0;
  const series = Object.entries(file.processing.responses ?? {}).filter(
    ([name]) => name.startsWith("binned_"),
  ) as [string, StoredSeries][];
  const areCounts = !series.some(([name]) => name.startsWith("binned_spikes"));
  const filled = series.map(([name, stored]) => ({
    ...{ name, stored },
    values: new Float32Array(itemAt(stored.shape, 0) * cells).fill(NaN),
  }));
  for (const trial of trials) {
    for (const [{ kind, dtMs, scale }, samples, cell] of responsesOf(trial)) {
      if (dtMs === undefined) continue;
      if (kind === "spikes" && areCounts) continue;
      const into = filled.find(({ name, stored: { shape, start, rate } }) =>
        name.startsWith(`binned_${kind}`) &&
        trial.startS >= start - 1e-9 &&
        trial.startS < start + itemAt(shape, 0) / rate
      );
      if (!into) throw new RangeError(`no series of ${kind} has this trial`);
      const { start, rate } = into.stored;
      const row = Math.round((trial.startS - start) * rate);
      samples.forEach((value, bin) => {
        into.values[(row + bin) * cells + cell] = value * scale;
      });
    }
  }
  for (const { name, stored, values } of filled) {
    const isVoltage = name.startsWith("binned_subthresh");
    assertEquals(
      [stored.unit, stored.conversion],
      isVoltage ? ["volts", 1e-3] : [stored.unit, 1],
    );
    const path = `processing/responses/${name}`;
    await checkArrays(file, path, stored, values);
  }
}

/** Sounds are as read; spectrograms `[bins, bands]` with their frequencies. */
async function checkStimuli(
  file: StoredFile,
  reads: readonly Read[],
): Promise<void> {
  // A session without presentations has no table.
  const { stimuli }: Partial<Record<string, unknown>> =
    file.processing.stimuli ?? {};
  const { stimulus: keys = [], series: paths = [] } =
    (stimuli ?? {}) as StoredTable;
  assertEquals(keys, reads.map(({ stimulus }) => stimulus.key));
  for (const [at, { stimulus }] of reads.entries()) {
    const read = await stimulus.read();
    const path = itemAt(paths as string[], at);
    const name = path.slice(path.lastIndexOf("/") + 1);
    if ("samples" in read) {
      const series = file.stimulus[name];
      assertEquals(series?.rate, read.rateHz);
      await checkArrays(file, path, series, read.samples);
      continue;
    }
    const series = file.processing.stimuli?.[name] as StoredSeries;
    const bins = itemAt(read.shape, read.shape.length - 1);
    const bands = read.data.length / bins;
    const turned = read.data.map((_, to) =>
      itemAt(read.data, (to % bands) * bins + Math.floor(to / bands))
    );
    assertEquals(series.shape, [bins, bands]);
    assertEquals(series.rate, 1000 / (read.dtMs ?? NaN));
    await checkArrays(file, path, series, turned);
    if (read.bandsHz === undefined) continue;
    const { frequency } = tableOf(file, "stimuli", "bands");
    assertEquals(frequency, [...read.bandsHz]);
  }
}

/** pynwb and h5py, each on its own, read these values. */
async function checkArrays(
  file: StoredFile,
  path: string,
  series: StoredSeries | undefined,
  values: ArrayBufferView,
): Promise<void> {
  const expected = await sha256(values);
  assertEquals(series?.sha256, expected);
  const { shape, dtype } = series ?? {};
  assertEquals(file.arrays[`${path}/data`], { shape, dtype, sha256: expected });
}

async function sha256(values: ArrayBufferView): Promise<string> {
  const bytes = new Uint8Array(
    values.buffer as ArrayBuffer,
    values.byteOffset,
    values.byteLength,
  );
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
