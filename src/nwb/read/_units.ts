import { roundHalfEven } from "../../base/numbers.ts";
import { Budget } from "../../base/limits.ts";
import { FormatError } from "../../errors.ts";
import type { CellMeta, CellResponse } from "../../session.ts";
import type { NwbContext } from "./_context.ts";
import type { NwbFile } from "./_nwb_file.ts";
import type { SessionHead } from "./_session_head.ts";
import { NwbTable } from "./_table.ts";
import type { Trial } from "./_trials.ts";

/** Time in s within which two times count as one. */
const SAME_S = 1e-6;
const ELECTRODES = "general/extracellular_ephys/electrodes";

/** Spikes of the units of a file. */
export interface Spikes {
  /** Times of a unit in s, in rising order. */
  timesOf(file: NwbFile, unit: number): Promise<ArrayLike<number>>;
  /** Memory that they take. */
  readonly bytes: number;
  /** Times in which a unit was observed, touching ones as one; null: always. */
  readonly observed: readonly (readonly Interval[])[] | null;
}

type Interval = readonly [from: number, to: number];

/** The table of units, if it has spike times. */
export async function openUnits(
  file: NwbFile,
  path: string = "units",
): Promise<NwbTable | null> {
  const table = await NwbTable.open(file, path);
  const isSpiking = table?.has("spike_times") ||
    (path !== "units" && table?.has("obs_intervals"));
  return isSpiking && table ? table : null;
}

/** Metadata of the units: the table's plain columns and the electrode's place. */
export async function unitCells(
  file: NwbFile,
  table: NwbTable,
  id: string,
  { meta }: SessionHead,
): Promise<CellMeta[]> {
  const columns = await table.metas(file, []);
  const ids = await file.numbers(`${table.path}/id`);
  const places = await placesOf(file, table);
  return columns.map((column, unit) => {
    const area = places[unit];
    return {
      ...meta,
      session: id,
      cellId: `${id}/${ids[unit] ?? unit}`,
      ...(area !== undefined && { area }),
      ...column,
    };
  });
}

/** Place of each unit's first electrode, where the file has one. */
async function placesOf(
  file: NwbFile,
  table: NwbTable,
): Promise<readonly (string | undefined)[]> {
  if (!table.has("electrodes")) return [];
  const places = await (await NwbTable.open(file, ELECTRODES))
    ?.texts(file, "location");
  if (places === undefined) return [];
  const rows = await file.numbers(`${table.path}/electrodes`);
  const ends = await table.ends(file, "electrodes");
  return Array.from({ length: table.rows }, (_, unit) => {
    const start = ends === undefined ? unit : unit === 0 ? 0 : ends[unit - 1];
    const isGiven = ends === undefined || (start ?? 0) < (ends[unit] ?? 0);
    return isGiven ? places[rows[start ?? 0] ?? -1] : undefined;
  });
}

/** Opens the spikes of a table of units; keeps them in memory if there is room. */
export async function openSpikes(
  file: NwbFile,
  table: NwbTable,
  context: NwbContext,
): Promise<Spikes> {
  const path = `${table.path}/spike_times`;
  const column = await table.column(file, "spike_times");
  const ends = await table.ends(file, "spike_times");
  const [length = 0] = column?.shape ?? [];
  const observed = await observedOf(file, table);
  // Without an index, each unit has one spike.
  const startOf = (unit: number): number =>
    ends === undefined ? unit : unit === 0 ? 0 : ends[unit - 1] ?? 0;
  const stopOf = (unit: number): number => ends?.[unit] ?? unit + 1;
  if (column === null) {
    return { observed, bytes: 0, timesOf: () => Promise.resolve([]) };
  }
  const all = 8 * length <= context.options.maxCacheBytes / 4
    ? await file.numbers(path)
    : null;
  const sorted = new Map<number, ArrayLike<number>>();
  return {
    observed,
    bytes: 8 * (all?.length ?? 0),
    timesOf: async (file, unit): Promise<ArrayLike<number>> => {
      const known = sorted.get(unit);
      if (known) return known;
      const [start, stop] = [startOf(unit), stopOf(unit)];
      if (all === null) {
        const { limits } = context;
        new Budget("read spikes", limits, "readBytes")
          .take(8 * (stop - start), file.at(path));
      }
      const times = all?.subarray(start, stop) ??
        await file.numbers(path, { start, stop });
      const rising = risingOf(times, file, path);
      if (all !== null) sorted.set(unit, rising);
      return rising;
    },
  };
}

/**
 * Times in rising order.
 *
 * @throws {FormatError} If one is no finite number.
 */
function risingOf(
  times: Float64Array | ArrayLike<number>,
  file: NwbFile,
  path: string,
): ArrayLike<number> {
  let isRising = true;
  for (let at = 0; at < times.length; at++) {
    const time = times[at] as number;
    if (!Number.isFinite(time)) {
      throw new FormatError(
        `Cannot read NWB: a spike time is ${time}, expected a finite number`,
        file.at(path),
      );
    }
    if (at > 0 && time < (times[at - 1] as number)) isRising = false;
  }
  return isRising ? times : Float64Array.from(times).sort();
}

async function observedOf(
  file: NwbFile,
  table: NwbTable,
): Promise<readonly (readonly Interval[])[] | null> {
  if (!table.has("obs_intervals")) return null;
  const column = await table.column(file, "obs_intervals");
  const ends = await table.ends(file, "obs_intervals");
  if (column === null || column.shape[1] !== 2) return null;
  file.checkCount(column.shape[0] ?? 0, column.path);
  const values = await file.numbers(column.path);
  return Array.from({ length: table.rows }, (_, unit) => {
    const stop = ends?.[unit] ?? unit + 1;
    const start = ends === undefined ? unit : unit === 0 ? 0 : ends[unit - 1];
    return joined(values.subarray(2 * (start ?? 0), 2 * stop));
  });
}

/** Intervals in the order of their starts; those that touch are one. */
function joined(pairs: ArrayLike<number>): Interval[] {
  const intervals: [number, number][] = [];
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    intervals.push([pairs[at] as number, pairs[at + 1] as number]);
  }
  intervals.sort(([a], [b]) => a - b);
  const all: [number, number][] = [];
  for (const [from, to] of intervals) {
    const last = all.at(-1);
    if (last && from <= last[1] + SAME_S) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
  }
  return all;
}

/** How to count spikes. */
export interface Counting {
  readonly dtMs: number;
  /**
   * Whether a repeat ends where its observation does; otherwise one that was not
   * observed to its end is left out.
   */
  readonly isCut: boolean;
}

/**
 * Spike counts of a unit in the bins of its trials. Bin `k` of a trial holds the
 * spikes at `start + k dt <= t < start + (k + 1) dt`, before the trial's end.
 *
 * @returns Null if the unit was observed in none of the trials.
 */
export function countsOf(
  times: ArrayLike<number>,
  observed: readonly Interval[] | undefined,
  trials: readonly Trial[],
  { dtMs, isCut }: Counting,
  budget: (bytes: number) => void,
): CellResponse | null {
  const repeats: Float32Array[] = [];
  for (const { startS, stopS } of trials) {
    const endS = observed ? observedUntil(observed, startS, stopS) : stopS;
    if (endS === null || (endS < stopS && !isCut)) continue;
    const bins = Math.max(1, roundHalfEven(1000 * (endS - startS) / dtMs));
    budget(4 * bins);
    repeats.push(counted(times, startS, stopS, bins, dtMs));
  }
  if (repeats.length === 0) return null;
  return {
    repeats,
    scale: 1,
    rateHz: 1000 / dtMs,
    dtMs,
    kind: "spikes",
    unit: "spikes",
  };
}

/** Until when a trial was observed; null if its start was not. */
function observedUntil(
  observed: readonly Interval[],
  startS: number,
  stopS: number,
): number | null {
  let [low, high] = [0, observed.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((observed[middle]?.[0] ?? Infinity) <= startS + SAME_S) {
      low = middle + 1;
    } else high = middle;
  }
  const [, to = -Infinity] = observed[low - 1] ?? [];
  if (to <= startS + SAME_S) return null;
  return to >= stopS - SAME_S ? stopS : to;
}

function counted(
  times: ArrayLike<number>,
  startS: number,
  stopS: number,
  bins: number,
  dtMs: number,
): Float32Array {
  const counts = new Float32Array(bins);
  const edge = (bin: number): number => startS + bin * dtMs / 1000;
  const endS = Math.min(stopS, edge(bins));
  for (let at = firstFrom(times, startS); at < times.length; at++) {
    const time = times[at] as number;
    if (time >= endS) break;
    let bin = Math.floor(1000 * (time - startS) / dtMs);
    // The quotient may be rounded across an edge.
    while (time >= edge(bin + 1)) bin++;
    while (time < edge(bin)) bin--;
    if (bin < bins) counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}

/** Index of the first time that is not before another. */
function firstFrom(times: ArrayLike<number>, from: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
