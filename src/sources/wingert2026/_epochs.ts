import type { DataErrorPlace } from "../../errors.ts";
import { roundHalfEven } from "../../base/numbers.ts";
import { DEFAULT_LIMITS, type Limits } from "../../base/limits.ts";
import { type TableRow, tableRows } from "./_table.ts";

type Column = "name" | "start" | "end";

/**
 * Reads a table of epochs: when each name was on, repeats in the order of rows.
 *
 * Times are read as the nearest double and kept as they are.
 *
 * @param bytes CSV in UTF-8 with the columns `name`, `start` and `end`, in s.
 * @param place Place of the file in errors.
 * @param limits Most that the table may claim.
 * @throws {FormatError} As {@linkcode tableRows} does, or if a time is not
 * finite or an epoch ends before it starts.
 * @throws {LimitError} If it has more rows than the limits allow members.
 */
export async function readEpochs(
  bytes: Uint8Array,
  place: DataErrorPlace,
  limits: Limits = DEFAULT_LIMITS,
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
    const known = epochs.get(row.text("name"));
    if (known) known.push(epoch);
    else epochs.set(row.text("name"), [epoch]);
  }
  return epochs;
}

function timeOf(column: Column, row: TableRow<Column>): number {
  const value = row.number(column);
  if (!Number.isNaN(value)) return value;
  throw row.fieldError(column, "a number in s");
}

/** Bins per second of every recording of the release. */
export const RATE_HZ = 100;

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
  for (const time of spikes.subarray(firstAtLeast(spikes, start))) {
    if (!(time < end)) break;
    const bin = Math.floor(time * RATE_HZ) - first;
    if (bin >= 0 && bin < bins) (counts[bin] as number)++;
  }
  return counts;
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
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
