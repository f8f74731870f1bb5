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
  /**
   * Whether a predicted rate below 0 is refused where there is a response.
   *
   * @default {false}
   */
  readonly validateInput?: boolean;
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
 * @throws {TypeError} If `logInput` or `validateInput` is neither true nor false.
 * @throws {RangeError} If shapes do not fit, a response is infinite, the mask
 * holds anything but 0 and 1, an option is out of range, or a rate is below 0
 * under `validateInput`.
 */
export function poissonLoss<Kind extends Reduction = "none">(
  predictions: Tensor,
  responses: Tensor,
  options: PoissonLossOptions<Kind> = {},
): Reduced<Kind> {
  const own = ["logInput", "eps", "validateInput"] as const;
  checkOptions(ACT, options, [...METRIC_OPTIONS, ...own]);
  const { reduction, logInput = false, eps = 1e-8 } = options;
  const { validateInput = false } = options;
  checkFlag("logInput", logInput);
  checkFlag("validateInput", validateInput);
  checkRange(ACT, "eps", eps, 0, Number.MAX_VALUE);
  const measure = (pairs: PooledPairs): number => {
    if (logInput) return lossOfLogs(pairs);
    if (validateInput) checkRates(pairs);
    return lossOfRates(pairs, eps);
  };
  const losses = fitPerCell(ACT, predictions, responses, options, measure);
  return reduced(ACT, losses, reduction);
}

function lossOfRates(
  { predicted, observed }: PooledPairs,
  eps: number,
): number {
  let sum = 0;
  for (let i = 0; i < predicted.length; i++) {
    const rate = predicted[i] as number;
    const log = Math.log(Math.max(rate, eps) + eps);
    sum += rate - (observed[i] as number) * log;
  }
  return sum / predicted.length;
}

function lossOfLogs({ predicted, observed }: PooledPairs): number {
  let sum = 0;
  for (let i = 0; i < predicted.length; i++) {
    const log = predicted[i] as number;
    sum += Math.exp(log) - (observed[i] as number) * log;
  }
  return sum / predicted.length;
}

function checkRates({ predicted }: PooledPairs): void {
  const negative = predicted.find((rate) => rate < 0);
  if (negative === undefined) return;
  throw new RangeError(
    `Cannot ${ACT}: a predicted rate is ${negative}, expected 0 or more, or ` +
      "logInput",
  );
}

function checkFlag(name: string, value: unknown): void {
  if (typeof value === "boolean") return;
  throw new TypeError(
    `Cannot ${ACT}: ${name} is ${String(value)}, expected true or false`,
  );
}
