import type { DataErrorPlace } from "../../errors.ts";
import { roundHalfEven } from "../../base/numbers.ts";
import { type Bounds, sessionBounds } from "../../base/limits.ts";
import { type TableRow, tableRows } from "./_table.ts";

/** Memory of an epoch, beside its name. */
const EPOCH_BYTES = 64;

type Column = "name" | "start" | "end";

/**
 * Reads a table of epochs: when each name was on, repeats in the order of rows.
 *
 * Times are read as the nearest double and kept as they are.
 *
 * @param bytes CSV in UTF-8 with the columns `name`, `start` and `end`, in s.
 * @param place Place of the file in errors.
 * @param bounds Most that the table and its session may claim.
 * @throws {FormatError} As {@linkcode tableRows} does, or if a time is not
 * finite or beyond 10,000,000 s, or an epoch ends before it starts.
 * @throws {LimitError} If it has more rows than the limits allow members, or the
 * session holds more than they allow.
 */
export async function readEpochs(
  bytes: Uint8Array,
  place: DataErrorPlace,
  { limits, budget }: Bounds = sessionBounds("read recording"),
): Promise<ReadonlyMap<string, readonly Epoch[]>> {
  const form = {
    act: "read epochs",
    rows: "rows",
    columns: ["name", "start", "end"],
  } as const;
  const epochs = new Map<string, Epoch[]>();
  for await (const row of tableRows<Column>([bytes], form, place, limits)) {
    const epoch = { start: timeOf("start", row), end: timeOf("end", row) };
    if (epoch.end < epoch.start) {
      const { start, end } = epoch;
      throw row.rowError(`end is ${end}, expected ${start} or later`);
    }
    const name = row.text("name");
    const known = epochs.get(name);
    budget.take(EPOCH_BYTES + (known ? 0 : 2 * name.length), place);
    if (known) known.push(epoch);
    else epochs.set(name, [epoch]);
  }
  return epochs;
}

function timeOf(column: Column, row: TableRow<Column>): number {
  const value = row.number(column);
  if (Math.abs(value) < MOST_S) return value;
  throw row.fieldError(column, `a time within ${MOST_S} s`);
}

/** Bins per second of every recording of the release. */
export const RATE_HZ = 100;

/** Greatest time of a spike or an epoch, before and after the start, in s. */
export const MOST_S = 1e7;

/** Time during which a stimulus was on, in s from the start of the recording. */
export interface Epoch {
  readonly start: number;
  readonly end: number;
}

/**
 * Counts the spikes of one repeat in bins of 10 ms.
 *
 * A spike at `start <= t < end` counts in bin `floor(100 t) - round(100 start)`
 * with halves to even, as NEMS does: starts do not lie on bins, so that a spike
 * at the rim can fall to bin -1 or `bins`, and is not counted.
 *
 * @param spikes Spike times in s, ascending.
 * @param epoch Time during which the stimulus was on.
 * @param bins Bins of the stimulus.
 * @returns Counts `[bins]`.
 */
export function rasterized(
  spikes: Float64Array,
  { start, end }: Epoch,
  bins: number,
): Float32Array {
  const counts = new Float32Array(bins);
  const first = roundHalfEven(start * RATE_HZ);
  const heard = spikes.subarray(
    firstAtLeast(spikes, start),
    firstAtLeast(spikes, end),
  );
  if (heard.length > DENSE * bins) countByBin(heard, first, counts);
  else countBySpike(heard, first, counts);
  return counts;
}

/** Spikes in a bin, on average, from which searching is faster than counting. */
const DENSE = 32;

function countBySpike(
  spikes: Float64Array,
  first: number,
  counts: Float32Array,
): void {
  for (const time of spikes) {
    const bin = Math.floor(time * RATE_HZ) - first;
    if (bin >= 0 && bin < counts.length) (counts[bin] as number)++;
  }
}

/** The same counts without a look at each spike: a damaged file has millions. */
function countByBin(
  spikes: Float64Array,
  first: number,
  counts: Float32Array,
): void {
  const binOf = (time: number): number => Math.floor(time * RATE_HZ) - first;
  let begin = firstWhere(spikes, (time) => binOf(time) >= 0);
  for (let bin = 0; bin < counts.length; bin++) {
    const end = firstWhere(spikes, (time) => binOf(time) > bin);
    counts[bin] = end - begin;
    begin = end;
  }
}

/** Spike times in ascending order: the same array if they are already. */
export function ascending(spikes: Float64Array): Float64Array {
  let previous = -Infinity;
  for (const time of spikes) {
    if (time < previous) return spikes.slice().sort();
    previous = time;
  }
  return spikes;
}

function firstAtLeast(values: Float64Array, least: number): number {
  return firstWhere(values, (value) => value >= least);
}

/** Index of the first value from which on a rule holds. */
function firstWhere(
  values: Float64Array,
  holds: (value: number) => boolean,
): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(values[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}
