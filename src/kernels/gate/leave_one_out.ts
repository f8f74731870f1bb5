import { checkFinite } from "../common/traces.ts";
import { plainLeaveOneOutSums, SUMS } from "./_leave_one_out_plain.ts";
import { simdLeaveOneOutSums } from "./_leave_one_out_simd.ts";

/**
 * Sums that correlate every repeat (x) with the sample-wise median of the other
 * ones (y), both less their first value. That makes a flat trace exactly 0 and
 * costs the others hardly any digits.
 *
 * Uses WebAssembly SIMD, or TypeScript with the same result, bit by bit.
 *
 * @param repeats At least three repeats of at least `length` samples.
 * @param length Samples to use of each, at least 1.
 * @returns `[R, SUMS, 2]`, of x, y, x * x, y * y and x * y: over the even
 * samples, and over the odd ones.
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
 * Agreement of each repeat with the rest: Pearson r with the sample-wise median
 * of the *other* repeats, all cut to the shortest.
 *
 * With fewer than three repeats, or one without samples, every r is 1, so that no
 * repeat is dropped.
 *
 * @param repeats Repeats `[T]`, ragged, one unit.
 * @returns One r, -1 to 1, per repeat.
 * @throws {RangeError} If a sample is not finite.
 */
export function leaveOneOutCorrelation(
  repeats: readonly Float64Array[],
): Float64Array {
  repeats.forEach((repeat, i) =>
    checkFinite("correlate repeats", repeat, `repeat ${i}`)
  );
  return finiteLeaveOneOutCorrelation(repeats);
}

/** {@linkcode leaveOneOutCorrelation} of repeats that are known to be finite. */
export function finiteLeaveOneOutCorrelation(
  repeats: readonly Float64Array[],
): Float64Array {
  const count = repeats.length;
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
  // Rounding can make the sum of a nearly flat trace negative.
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
