import { plainLeaveOneOutSums } from "./_plain_leave_one_out_sums.ts";
import { simdLeaveOneOutSums } from "./_simd_leave_one_out_sums.ts";

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
