import { roundHalfEven } from "../../base/numbers.ts";

/** Bins per second of every recording of the release. */
export const RATE_HZ = 100;

/** When a stimulus was on, in s from the start of the recording. */
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
 * @param epoch When the stimulus was on.
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
  for (let i = firstAtLeast(spikes, start); spikes[i] < end; i++) {
    const bin = Math.floor(spikes[i] * RATE_HZ) - first;
    if (bin >= 0 && bin < bins) counts[bin]++;
  }
  return counts;
}

/** The spike times in ascending order; the very same array where they are. */
export function ascending(spikes: Float64Array): Float64Array {
  for (let i = 1; i < spikes.length; i++) {
    if (spikes[i] < spikes[i - 1]) return spikes.slice().sort();
  }
  return spikes;
}

function firstAtLeast(values: Float64Array, least: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
