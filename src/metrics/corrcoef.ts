import type { Tensor } from "../tensor.ts";
import { fitMetric, type MetricOptions } from "./per_cell.ts";
import type { Reduced, Reduction } from "./reduction.ts";
import { pearson } from "./_pairs.ts";

/**
 * Pearson correlation of each cell's predictions with its mean response.
 *
 * - Predictions `(B, N, T)`, responses `(B, N, R, T)`, any unit; `[N]`, -1 to 1.
 * - The mean is over the repeats that have the bin; a bin without any is left
 *   out. The bins of all B stimuli are pooled: one mean, one variance.
 * - NaN if fewer than two bins are left, predictions or mean responses are
 *   constant, or a prediction is NaN where there is a response.
 * - As deepSTRF 0.1.0, which takes a variation below 1e-12 for constant in any
 *   unit, and whose mask is `(B, N, 1, T)`.
 *
 * @example Scoring the predictions of a batch
 * ```ts
 * import { type Batch, corrcoef, type Tensor } from "rxephys";
 *
 * function score(predictions: Tensor, batch: Batch): Float64Array {
 *   const { responses, validMask } = batch;
 *   return corrcoef(predictions, responses, { validMask });
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
export function corrcoef<Kind extends Reduction = "none">(
  predictions: Tensor,
  responses: Tensor,
  options: MetricOptions<Kind> = {},
): Reduced<Kind> {
  return fitMetric(
    "measure corrcoef",
    predictions,
    responses,
    options,
    pearson,
  );
}
