import { checkRange } from "../../_check.ts";
import { checkFinite } from "./_check_finite.ts";
import { foldedWeights, gaussianWeights } from "./_gaussian_weights.ts";
import { overlapSave } from "./_overlap_save.ts";
import { reflected } from "./_reflected.ts";
import { Scratch } from "./_scratch.ts";
import { symmetricSum } from "./_symmetric_sum.ts";

/**
 * Weights on a side from which the transform wins, measured at 500 to 60,000
 * samples.
 */
const TRANSFORM_FROM_RADIUS = 32;
const TRANSFORM_FROM_SAMPLES = 256;

const scratch = new Scratch(Float64Array);

/**
 * Gaussian low-pass with reflected edges.
 *
 * - Within 1e-13 of the trace's maximum of the plain sum.
 * - Reference: SciPy 1.10
 *   `gaussian_filter1d(x, sigma, mode="reflect", truncate=truncate)`.
 *
 * @param x Trace `[T]`, any unit.
 * @param sigma Standard deviation in samples, above 0.
 * @param truncate Where the gaussian is cut, in standard deviations.
 * @returns A new trace `[T]`.
 * @throws {RangeError} If an argument is out of range, or a sample not finite.
 */
export function gaussianFilter1d(
  x: Float64Array,
  sigma: number,
  truncate: number = 4,
): Float64Array {
  const act = "filter by a gaussian";
  checkRange(act, "sigma", sigma, Number.MIN_VALUE, Number.MAX_SAFE_INTEGER);
  checkRange(act, "truncate", truncate, 0, Number.MAX_SAFE_INTEGER);
  checkFinite(act, x);
  const n = x.length;
  if (n === 0) return new Float64Array(0);
  const weights = foldedWeights(gaussianWeights(sigma, truncate), n);
  const radius = weights.length - 1;
  const padded = scratch.take(n + 2 * radius);
  reflected(x, radius, radius, padded);
  return radius < TRANSFORM_FROM_RADIUS || n < TRANSFORM_FROM_SAMPLES
    ? symmetricSum(padded, weights)
    : overlapSave(padded, weights);
}
