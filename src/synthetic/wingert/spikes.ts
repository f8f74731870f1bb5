import { roundHalfEven } from "../../base/numbers.ts";
import type { SyntheticRandom } from "../shared/random.ts";

/** A stretch in which a stimulus drives a cell. */
export interface DrivenStretch {
  /** In s from the start of the recording. */
  readonly start: number;
  /** In s. */
  readonly end: number;
  /** Rate over the cell's mean, per bin of 10 ms from the start's bin on. */
  readonly rate: Float32Array;
}

const BINS_HZ = 100;
const TICKS_HZ = 30_000;
const TICKS = TICKS_HZ / BINS_HZ;

/**
 * Draws a Poisson process, in s and ascending: the mean rate, and what stimuli
 * make of it where they play. Times lie inside their bin, on the amplifier's
 * ticks.
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
      // Off the edge of the bin, where the product with 100 Hz may fall short.
      const tick = 1 + Math.floor((next - sum) / count * (TICKS - 2));
      times.push((bin * TICKS + tick) / TICKS_HZ);
    }
    sum += count;
  });
  return Float64Array.from(times);
}

/** Expected spikes per bin of 10 ms. */
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
      expected[first + bin] = mean * Math.max(0, rate[bin]);
    }
  }
  return expected;
}

/** Expected spikes until the next one. */
function waiting(random: SyntheticRandom): number {
  return -Math.log(1 - random.uniform());
}
