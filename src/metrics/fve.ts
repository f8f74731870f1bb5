import type { Tensor } from "../tensor.ts";
import { fitMetric, type MetricOptions } from "./per_cell.ts";
import type { Reduced, Reduction } from "./reduction.ts";
import { type PooledPairs, productSums, squaredError } from "./_pairs.ts";

/**
 * Fraction of the variance of each cell's mean response that is explained:
 * `1 - sum((mean - prediction)^2) / sum((mean - its mean)^2)`.
 *
 * - Predictions `(B, N, T)`, responses `(B, N, R, T)`, one unit; `[N]`, at most
 *   1, below 0 if the mean alone would predict better.
 * - Bins are pooled as in {@linkcode corrcoef}.
 * - NaN if fewer than two bins are left, mean responses are constant, or a
 *   prediction is NaN where there is a response.
 * - As deepSTRF 0.1.0, which returns NaN for a sum of squares below 1e-12 in any
 *   unit.
 *
 * @example Cells predicted better than by their mean
 * ```ts
 * import { fve, type Tensor } from "rxephys";
 *
 * function explained(predictions: Tensor, responses: Tensor): number[] {
 *   const fractions = [...fve(predictions, responses)];
 *   return fractions.flatMap((value, cell) => value > 0 ? [cell] : []);
 * }
 * ```
 *
 * @param predictions Predictions for the B stimuli, `(B, N, T)`.
 * @param responses Responses `(B, N, R, T)`, NaN for missing ones.
 * @param options Which responses count, and the reduction.
 * @returns One number per cell, or their mean or sum.
 * @throws {RangeError} If shapes do not fit, a response is infinite, or the mask
 * holds anything but 0 and 1.
 */
export function fve<Kind extends Reduction = "none">(
  predictions: Tensor,
  responses: Tensor,
  options: MetricOptions<Kind> = {},
): Reduced<Kind> {
  return fitMetric("measure fve", predictions, responses, options, explained);
}

function explained(pairs: PooledPairs): number {
  const { observed } = productSums(pairs);
  return observed === 0 ? NaN : 1 - squaredError(pairs) / observed;
}
