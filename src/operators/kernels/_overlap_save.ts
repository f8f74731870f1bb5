import { plainOverlapSave } from "./_plain_overlap_save.ts";
import { simdOverlapSave } from "./_simd_overlap_save.ts";

/**
 * Symmetric filter by overlap-save: the faster form for many weights. On
 * WebAssembly SIMD, or in TypeScript where it is missing or the filter too long:
 * the same but for rounding.
 *
 * Two blocks of the trace go through one complex transform, as its real and
 * imaginary part: the filter is symmetric, hence its spectrum real, and the two
 * never mix. The first sample is taken off before and put back after, so that a
 * large offset does not cost the digits of what rides on it.
 *
 * @param padded Trace with `radius` samples on either side `[T + 2 radius]`.
 * @param weights One side of the filter `[radius + 1]`, centre first; both
 * sides sum to 1.
 * @returns A new trace `[T]`.
 */
export function overlapSave(
  padded: Float64Array,
  weights: Float64Array,
): Float64Array {
  return simdOverlapSave(padded, weights) ?? plainOverlapSave(padded, weights);
}
