import type { Tensor } from "../tensor.ts";
import { fitMetric, type MetricOptions } from "./per_cell.ts";
import type { Reduced, Reduction } from "./reduction.ts";
import { squaredError } from "./_pairs.ts";

/**
 * Mean squared error of each cell's predictions against its mean response.
 *
 * - Predictions `(B, N, T)`, responses `(B, N, R, T)`, one unit; `[N]` in its
 *   square.
 * - Bins are pooled as in {@linkcode corrcoef}; each counts once, however many
 *   repeats it has.
 * - NaN if a cell has no response, or a prediction is NaN where there is one.
 * - As deepSTRF 0.1.0 `mse_loss`, reduction `none`.
 *
 * @example Mean loss over the cells with responses in a batch
 * ```ts
 * import { type Batch, mseLoss, type Tensor } from "rxephys";
 *
 * function loss(predictions: Tensor, { responses }: Batch): number {
 *   const losses = mseLoss(predictions, responses).filter((v) => v >= 0);
 *   return losses.reduce((a, b) => a + b, 0) / losses.length;
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
export function mseLoss<Kind extends Reduction = "none">(
  predictions: Tensor,
  responses: Tensor,
  options: MetricOptions<Kind> = {},
): Reduced<Kind> {
  return fitMetric(
    "measure mseLoss",
    predictions,
    responses,
    options,
    // Without pairs this is 0 / 0.
    (pairs) => squaredError(pairs) / pairs.predicted.length,
  );
}
