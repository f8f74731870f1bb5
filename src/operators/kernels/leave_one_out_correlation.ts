import { checkFinite } from "./_check_finite.ts";
import { leaveOneOutSums } from "./_leave_one_out_sums.ts";
import { SUMS } from "./_plain_leave_one_out_sums.ts";

/** Added to the denominator by the published loader: a flat trace gives r 0. */
const FLAT = 1e-12;

/**
 * How well each repeat agrees with the rest: Pearson r with the sample-wise
 * median of the *other* repeats, all cut to the shortest.
 *
 * Fewer than three repeats, or one without samples, leave nothing to tell: every
 * r is 1, so that no repeat is dropped for it.
 *
 * @param repeats Repeats `[T]`, ragged, one unit.
 * @returns One r, -1 to 1, per repeat.
 * @throws {RangeError} If a sample is not finite.
 */
export function leaveOneOutCorrelation(
  repeats: readonly Float64Array[],
): Float64Array {
  const count = repeats.length;
  repeats.forEach((repeat, i) =>
    checkFinite("correlate repeats", repeat, `repeat ${i}`)
  );
  const length = Math.min(...repeats.map((repeat) => repeat.length));
  if (count < 3 || length === 0) return new Float64Array(count).fill(1);
  const sums = leaveOneOutSums(repeats, length);
  return Float64Array.from(
    repeats,
    (_, i) => correlation(sums.subarray(2 * SUMS * i), length),
  );
}

/** @param sums Of one repeat, even samples and odd `[SUMS, 2]`. */
function correlation(sums: Float64Array, length: number): number {
  const x = sums[0] + sums[1];
  const y = sums[2] + sums[3];
  // Rounding must not leave a nearly flat trace less than nothing.
  const xx = Math.max(0, sums[4] + sums[5] - x * x / length);
  const yy = Math.max(0, sums[6] + sums[7] - y * y / length);
  const xy = sums[8] + sums[9] - x * y / length;
  return xy / (Math.sqrt(xx) * Math.sqrt(yy) + FLAT);
}
