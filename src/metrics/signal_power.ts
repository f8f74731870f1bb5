import type { Tensor } from "../tensor.ts";
import { type MetricOptions, qualityMetric } from "./per_cell.ts";
import type { Reduced, Reduction } from "./reduction.ts";

/**
 * Signal power of each cell: the part of the variance over time that its repeats
 * share, and a perfect model could explain.
 *
 * - Responses `(B, N, R, T)`, any unit; `[N]` in its square. The estimate is
 *   unbiased and can fall below 0.
 * - Per stimulus `SP = (R var(mean) - mean(var)) / (R - 1)` with unbiased
 *   variances over time (Sahani and Linden 2003), which is the mean covariance
 *   of two repeats; averaged over stimuli weighted by their bins.
 * - A repeat without any bin does not count; a bin that another repeat lacks is
 *   left out. NaN if no stimulus has two repeats and two bins.
 * - As deepSTRF 0.1.0, which returns NaN for a cell with a missing bin, and with a
 *   mask counts masked values of the other repeats and bins.
 *
 * @example Cells with stimulus-driven responses
 * ```ts
 * import { signalPower, type Tensor } from "rxephys";
 *
 * function driven(responses: Tensor): number[] {
 *   const powers = [...signalPower(responses)];
 *   return powers.flatMap((power, cell) => power > 0 ? [cell] : []);
 * }
 * ```
 *
 * @param responses Responses `(B, N, R, T)`, NaN for missing ones.
 * @param options Which responses count, and the reduction.
 * @returns One number per cell, or their mean or sum.
 * @throws {RangeError} If shapes do not fit, a response is infinite, or the mask
 * holds anything but 0 and 1.
 */
export function signalPower<Kind extends Reduction = "none">(
  responses: Tensor,
  options: MetricOptions<Kind> = {},
): Reduced<Kind> {
  return qualityMetric(
    "measure signalPower",
    responses,
    options,
    ({ signal }) => signal,
  );
}
