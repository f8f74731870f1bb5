import { roundHalfEven } from "../../base/numbers.ts";

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
