import type { Tensor } from "../tensor.ts";
import { type MetricOptions, qualityMetric } from "./per_cell.ts";
import type { Reduced, Reduction } from "./reduction.ts";

/**
 * Noise power of each cell: the power of the differences between its repeats.
 *
 * - Responses `(B, N, R, T)`, any unit; `[N]` in its square, not below 0 except
 *   by rounding.
 * - Per stimulus `NP = mean(var) - SP`, with the variance of each repeat over
 *   time and {@linkcode signalPower} (Sahani and Linden 2003); averaged over
 *   stimuli weighted by their bins.
 * - Repeats and bins that count, NaN, and differences to deepSTRF 0.1.0: as in
 *   {@linkcode signalPower}.
 *
 * @example Fraction of the power that no model can explain
 * ```ts
 * import { noisePower, signalPower, type Tensor } from "rxephys";
 *
 * function noiseFraction(responses: Tensor): Float64Array {
 *   const signal = signalPower(responses);
 *   return noisePower(responses)
 *     .map((noise, n) => noise / (noise + (signal[n] ?? NaN)));
 * }
 * ```
 *
 * @param responses Responses `(B, N, R, T)`, NaN for missing ones.
 * @param options Which responses count, and the reduction.
 * @returns One number per cell, or their mean or sum.
 * @throws {RangeError} If shapes do not fit, a response is infinite, or the mask
 * holds anything but 0 and 1.
 */
export function noisePower<Kind extends Reduction = "none">(
  responses: Tensor,
  options: MetricOptions<Kind> = {},
): Reduced<Kind> {
  return qualityMetric(
    "measure noisePower",
    responses,
    options,
    ({ noise }) => noise,
  );
}
