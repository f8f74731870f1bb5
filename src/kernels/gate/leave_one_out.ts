import { checkFinite } from "../common/traces.ts";
import { plainLeaveOneOutSums, SUMS } from "./_leave_one_out_plain.ts";
import { simdLeaveOneOutSums } from "./_leave_one_out_simd.ts";

/**
 * What correlates every repeat (x) with the sample-wise median of the other ones
 * (y): sums over the samples, x and y less their own first value. A flat trace
 * is so exactly 0; the others lose next to nothing, as that value is in the sum
 * of squares too.
 *
 * On WebAssembly SIMD, or in TypeScript where it is missing: the same, bit by
 * bit.
 *
 * @param repeats At least three repeats of at least `length` samples.
 * @param length Samples to use of each, at least 1.
 * @returns `[R, SUMS, 2]`, of x, y, x * x, y * y and x * y: over the even samples, and over the odd ones.
 */
export function leaveOneOutSums(
  repeats: readonly Float64Array[],
  length: number,
): Float64Array {
  return simdLeaveOneOutSums(repeats, length) ??
    plainLeaveOneOutSums(repeats, length);
}

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
  const x = (sums[0] as number) + (sums[1] as number);
  const y = (sums[2] as number) + (sums[3] as number);
  // Rounding must not leave a nearly flat trace less than nothing.
  const xx = Math.max(
    0,
    (sums[4] as number) + (sums[5] as number) - x * x / length,
  );
  const yy = Math.max(
    0,
    (sums[6] as number) + (sums[7] as number) - y * y / length,
  );
  const xy = (sums[8] as number) + (sums[9] as number) - x * y / length;
  return xy / (Math.sqrt(xx) * Math.sqrt(yy) + FLAT);
}
