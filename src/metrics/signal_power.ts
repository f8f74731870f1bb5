import type { Tensor } from "../tensor.ts";
import { type MetricOptions, qualityPerCell } from "./per_cell.ts";

/**
 * Power of what is common to a cell's repeats: the variance over time that a
 * perfect model could explain.
 *
 * - Responses `(B, N, R, T)`, any unit; `[N]` in its square. An estimate without
 *   bias, it can fall below 0.
 * - Per stimulus `SP = (R var(mean) - mean(var)) / (R - 1)` with unbiased
 *   variances over time (Sahani and Linden 2003), which is the mean covariance
 *   of two repeats; averaged over stimuli weighted by their bins.
 * - A repeat that is not there at all does not count; a bin that one of the
 *   others lacks is left out. NaN where no stimulus has two repeats and two bins.
 * - deepSTRF 0.1.0 gives the same, but NaN for a cell with such a lack, and with
 *   a mask it takes what the mask leaves out of repeats and bins that count.
 *
 * @example Cells that follow the stimulus at all
 * ```ts
 * import { signalPower, type Tensor } from "rxephys";
 *
 * function driven(responses: Tensor): number[] {
 *   const powers = [...signalPower(responses)];
 *   return powers.flatMap((power, cell) => power > 0 ? [cell] : []);
 * }
 * ```
 *
 * @param responses Responses `(B, N, R, T)`, NaN where there are none.
 * @param options Which responses count.
 * @returns One number per cell.
 * @throws {RangeError} If shapes do not fit, a response is infinite, or the mask
 * holds anything but 0 and 1.
 */
export function signalPower(
  responses: Tensor,
  options: MetricOptions = {},
): Float64Array {
  return qualityPerCell(
    "measure signalPower",
    responses,
    options,
    ({ signal }) => signal,
  );
}
