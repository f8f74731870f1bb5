import { roundHalfEven } from "../../base/numbers.ts";
import type { SyntheticRandom } from "../shared/random.ts";

/** Stretch in which a stimulus drives a cell. */
export interface DrivenStretch {
  /** Start, in s from the start of the recording. */
  readonly start: number;
  /** End, in s. */
  readonly end: number;
  /** Rate relative to the cell's mean, per 10 ms bin from the start on. */
  readonly rate: Float32Array;
}

const BINS_HZ = 100;
const TICKS_HZ = 30_000;
const TICKS = TICKS_HZ / BINS_HZ;

/**
 * Draws ascending spike times in s from a Poisson process: at the mean rate, or
 * at the driven rate during a stimulus. Times lie inside their bin, on the ticks
 * of the amplifier.
 *
 * @param endS Length of the recording.
 */
export function spikeTrain(
  random: SyntheticRandom,
  rateHz: number,
  stretches: readonly DrivenStretch[],
  endS: number,
): Float64Array {
  const expected = expectedCounts(rateHz, stretches, endS);
  const times: number[] = [];
  let sum = 0;
  let next = waiting(random);
  expected.forEach((count, bin) => {
    for (; next < sum + count; next += waiting(random)) {
      // Not at the edge of a bin, where the product with 100 Hz may fall short.
      const tick = 1 + Math.floor((next - sum) / count * (TICKS - 2));
      times.push((bin * TICKS + tick) / TICKS_HZ);
    }
    sum += count;
  });
  return Float64Array.from(times);
}

/** Expected spikes per 10 ms bin. */
function expectedCounts(
  rateHz: number,
  stretches: readonly DrivenStretch[],
  endS: number,
): Float64Array {
  const mean = rateHz / BINS_HZ;
  const expected = new Float64Array(Math.floor(endS * BINS_HZ)).fill(mean);
  for (const { start, end, rate } of stretches) {
    const first = roundHalfEven(start * BINS_HZ);
    const bins = Math.min(rate.length, Math.floor(end * BINS_HZ) - first);
    for (let bin = 0; bin < bins; bin++) {
      expected[first + bin] = mean * Math.max(0, rate[bin] as number);
    }
  }
  return expected;
}

/** Draws the expected number of spikes until the next one. */
function waiting(random: SyntheticRandom): number {
  return -Math.log(1 - random.uniform());
}
