import type { Tensor } from "../tensor.ts";
import { checkOptions, checkRange } from "../base/check.ts";
import { fitPerCell, METRIC_OPTIONS, type MetricOptions } from "./per_cell.ts";
import { type Reduced, reduced, type Reduction } from "./reduction.ts";
import type { PooledPairs } from "./_pairs.ts";

const ACT = "measure poissonLoss";

/** Options for {@linkcode poissonLoss}. */
export interface PoissonLossOptions<Kind extends Reduction = "none">
  extends MetricOptions<Kind> {
  /**
   * Whether predictions are logarithms of rates: the loss is then the mean of
   * `exp(prediction) - mean * prediction`, for predictions of any sign.
   *
   * @default {false}
   */
  readonly logInput?: boolean;
  /**
   * Lower bound of rates in the logarithm, and the offset added to them there; at
   * least 0. Logarithms of rates do not use it.
   *
   * @default {1e-8}
   */
  readonly eps?: number;
}

/**
 * Poisson loss of each cell's predicted rates against its mean response: the
 * mean of `rate - mean log(rate)`, the negative log-likelihood per bin without
 * its constant `log(mean!)`.
 *
 * - Predictions `(B, N, T)`, rates in the unit of the responses, spikes per bin;
 *   responses `(B, N, R, T)`; `[N]`.
 * - Bins are pooled as in {@linkcode corrcoef}; each counts once, however many
 *   repeats it has.
 * - The logarithm is of `max(rate, eps) + eps`, which keeps the loss of a rate of
 *   0 finite. A rate below 0 counts as it is outside of the logarithm, and lowers
 *   the loss: rectify such predictions first.
 * - NaN if a cell has no response, or a prediction is NaN where there is one.
 * - As deepSTRF 0.1.0 `poisson_loss`.
 *
 * @example Loss of a model that may predict below 0
 * ```ts
 * import { poissonLoss, type Tensor } from "rxephys";
 *
 * function loss(predictions: Tensor, responses: Tensor): Float64Array {
 *   const rates = predictions.data.map((value) => Math.max(value, 0));
 *   return poissonLoss({ ...predictions, data: rates }, responses);
 * }
 * ```
 *
 * @param predictions Predictions for the B stimuli, `(B, N, T)`.
 * @param responses Responses `(B, N, R, T)`, NaN for missing ones.
 * @param options Which responses count, the reduction, and how predictions are
 * meant.
 * @returns One number per cell, or their mean or sum.
 * @throws {TypeError} If `logInput` is neither true nor false.
 * @throws {RangeError} If shapes do not fit, a response is infinite, the mask
 * holds anything but 0 and 1, or an option is out of range.
 */
export function poissonLoss<Kind extends Reduction = "none">(
  predictions: Tensor,
  responses: Tensor,
  options: PoissonLossOptions<Kind> = {},
): Reduced<Kind> {
  checkOptions(ACT, options, [...METRIC_OPTIONS, "logInput", "eps"]);
  const { reduction, logInput = false, eps = 1e-8 } = options;
  if (typeof logInput !== "boolean") {
    throw new TypeError(
      `Cannot ${ACT}: logInput is ${String(logInput)}, expected true or false`,
    );
  }
  checkRange(ACT, "eps", eps, 0, Number.MAX_VALUE);
  const lossOf = logInput
    ? (log: number, mean: number): number => Math.exp(log) - mean * log
    : (rate: number, mean: number): number =>
      rate - mean * Math.log(Math.max(rate, eps) + eps);
  const losses = fitPerCell(
    ACT,
    predictions,
    responses,
    options,
    (pairs) => meanLoss(pairs, lossOf),
  );
  return reduced(ACT, losses, reduction);
}

function meanLoss(
  { predicted, observed }: PooledPairs,
  lossOf: (prediction: number, mean: number) => number,
): number {
  let sum = 0;
  for (let i = 0; i < predicted.length; i++) {
    sum += lossOf(predicted[i] as number, observed[i] as number);
  }
  return sum / predicted.length;
}
