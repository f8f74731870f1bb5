import { checkOptions } from "../base/check.ts";
import type { Tensor } from "../tensor.ts";
import { ccmax } from "./ccmax.ts";
import { fitPerCell, METRIC_OPTIONS, type MetricOptions } from "./per_cell.ts";
import { type Reduced, reduced, type Reduction } from "./reduction.ts";
import { pearson, type PooledPairs, productSums } from "./_pairs.ts";
import {
  checkSplits,
  SPLIT_OPTIONS,
  type SplitOptions,
} from "./repeat_quality.ts";
import { signalPower } from "./signal_power.ts";

const ACT = "measure normalizedCorrcoef";

/** Options for {@linkcode normalizedCorrcoef}. */
export interface NormalizedCorrcoefOptions<Kind extends Reduction = "none">
  extends MetricOptions<Kind>, SplitOptions {
  /**
   * Correction for noise: by the signal power (Schoppe et al. 2016), or by the
   * noise ceiling of half splits (Hsu et al. 2004).
   *
   * @default {"schoppe"}
   */
  readonly method?: "schoppe" | "hsu";
}

/**
 * Correlation of each cell's predictions with its mean response, corrected for
 * the noise left in that mean: about 1 for a perfect model.
 *
 * - Predictions `(B, N, T)`, responses `(B, N, R, T)`, any unit; `[N]`.
 * - `schoppe`: `cov(prediction, mean) / sqrt(var(prediction) SP)`, covariance and
 *   variance unbiased, SP by {@linkcode signalPower} (Schoppe, Harper, Willmore,
 *   King and Schnupp 2016). `hsu`: {@linkcode corrcoef} over {@linkcode ccmax}
 *   (Hsu, Borst and Theunissen 2004).
 * - Bins are pooled as in {@linkcode corrcoef}; SP and ceiling are averaged over
 *   stimuli. Differences between the means of stimuli count in the covariance and
 *   the variance but not in SP: because of that, or with few repeats, the result
 *   can exceed 1.
 * - NaN if either part is NaN or SP is not above 0, such as for a cell with one
 *   repeat of each stimulus.
 * - As deepSTRF 0.1.0, with these differences: if no cell has a second repeat,
 *   deepSTRF returns the plain correlation; its mask, over `(B, N, 1, T)`, has no
 *   effect on SP and ceiling; and the differences listed for
 *   {@linkcode corrcoef}, {@linkcode signalPower} and {@linkcode ccmax}.
 *
 * @example Mean over the cells with a defined value
 * ```ts
 * import { type Batch, normalizedCorrcoef, type Tensor } from "rxephys";
 *
 * function score(predictions: Tensor, { responses, validMask }: Batch): number {
 *   const values = normalizedCorrcoef(predictions, responses, { validMask })
 *     .filter((value) => !Number.isNaN(value));
 *   return values.reduce((a, b) => a + b, 0) / values.length;
 * }
 * ```
 *
 * @param predictions Predictions for the B stimuli, `(B, N, T)`.
 * @param responses Responses `(B, N, R, T)`, NaN for missing ones.
 * @param options Which responses count, the reduction, and the method.
 * @returns One number per cell, or their mean or sum.
 * @throws {RangeError} If shapes do not fit, a response is infinite, the mask
 * holds anything but 0 and 1, or there is no such method.
 */
export function normalizedCorrcoef<Kind extends Reduction = "none">(
  predictions: Tensor,
  responses: Tensor,
  options: NormalizedCorrcoefOptions<Kind> = {},
): Reduced<Kind> {
  checkOptions(ACT, options, ["method", ...METRIC_OPTIONS, ...SPLIT_OPTIONS]);
  const { method = "schoppe", reduction, validMask, ...splits } = options;
  if (method !== "schoppe" && method !== "hsu") {
    throw new RangeError(
      `Cannot ${ACT}: method is ${String(method)}, expected schoppe or hsu`,
    );
  }
  checkSplits(ACT, splits);
  const counted = { ...(validMask && { validMask }) };
  const measure = method === "hsu" ? pearson : covarianceOverSd;
  const raw = fitPerCell(ACT, predictions, responses, counted, measure);
  const most = method === "hsu"
    ? ccmax(responses, { ...counted, ...splits })
    : signalPower(responses, counted).map(rootAboveZero);
  const values = raw.map((value, cell) => value / (most[cell] as number));
  return reduced(ACT, values, reduction);
}

/**
 * Covariance with the mean response over the prediction's standard deviation; NaN
 * if that is 0.
 */
function covarianceOverSd(pairs: PooledPairs): number {
  const { predicted, both } = productSums(pairs);
  return both / Math.sqrt(predicted * (pairs.predicted.length - 1));
}

/** Square root of a signal power; NaN if that is not above 0. */
function rootAboveZero(power: number): number {
  return power > 0 ? Math.sqrt(power) : NaN;
}
