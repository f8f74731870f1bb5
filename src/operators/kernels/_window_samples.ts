import { roundHalfEven } from "../../_round.ts";

/**
 * Samples in a stretch of time: rounded half to even, at least `least`.
 *
 * The product comes before the division, as in the published loader: the other
 * order rounds some rates to another count.
 */
export function windowSamples(
  ms: number,
  rateHz: number,
  least: number = 1,
): number {
  return Math.max(least, roundHalfEven(ms * rateHz / 1000));
}
