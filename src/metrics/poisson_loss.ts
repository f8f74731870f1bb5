import type { Tensor } from "../tensor.ts";
import { fitPerCell, type MetricOptions } from "./per_cell.ts";
import type { PooledPairs } from "./_pairs.ts";

/** Lower bound of rates in the logarithm, and the offset added to them there. */
const LEAST_RATE = 1e-8;

/**
 * Poisson loss of each cell's predicted rates against its mean response: the
 * mean of `rate - mean log(rate)`, the negative log-likelihood per bin without
 * its constant `log(mean!)`.
 *
 * - Predictions `(B, N, T)`, rates in the unit of the responses, spikes per bin;
 *   responses `(B, N, R, T)`; `[N]`.
 * - Bins are pooled as in {@linkcode corrcoef}; each counts once, however many
 *   repeats it has.
 * - The logarithm is of `max(rate, 1e-8) + 1e-8`, which keeps the loss of a rate of
 *   0 finite. A rate below 0 counts as it is outside of the logarithm, and lowers
 *   the loss: rectify such predictions first.
 * - NaN if a cell has no response, or a prediction is NaN where there is one.
 * - As deepSTRF 0.1.0 `poisson_loss`, reduction `none`.
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
 * @param options Which responses count.
 * @returns One number per cell.
 * @throws {RangeError} If shapes do not fit, a response is infinite, or the mask
 * holds anything but 0 and 1.
 */
export function poissonLoss(
  predictions: Tensor,
  responses: Tensor,
  options: MetricOptions = {},
): Float64Array {
  return fitPerCell(
    "measure poissonLoss",
    predictions,
    responses,
    options,
    meanLoss,
  );
}

function meanLoss({ predicted, observed }: PooledPairs): number {
  let sum = 0;
  for (let i = 0; i < predicted.length; i++) {
    const rate = predicted[i] as number;
    const log = Math.log(Math.max(rate, LEAST_RATE) + LEAST_RATE);
    sum += rate - (observed[i] as number) * log;
  }
  return sum / predicted.length;
}
