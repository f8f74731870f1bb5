import type { Tensor } from "../tensor.ts";
import { signalToNoise } from "./repeat_quality.ts";
import { type MetricOptions, qualityPerCell } from "./per_cell.ts";

/**
 * Signal power over noise power of each cell: `SP / max(NP, 1e-12)`.
 *
 * - Responses `(B, N, R, T)`, any unit in which a power of 1e-12 is next to
 *   none; `[N]`.
 * - {@linkcode signalPower} and {@linkcode noisePower} (Sahani and Linden 2003),
 *   each averaged over stimuli before they are divided. Of a whole data set: what
 *   `computeNeuronQuality` writes.
 * - Below 0 where the estimate of the signal is; 0 for a cell that never
 *   changes. What counts and what gives NaN: as for {@linkcode signalPower}.
 * - As deepSTRF 0.1.0, but for what is said of {@linkcode signalPower}.
 *
 * @example Cells of which a model can be asked something
 * ```ts
 * import { type Batch, snr } from "rxephys";
 *
 * function reliable({ responses, validMask }: Batch): number[] {
 *   const ratios = [...snr(responses, { validMask })];
 *   return ratios.flatMap((ratio, cell) => ratio > 0.2 ? [cell] : []);
 * }
 * ```
 *
 * @param responses Responses `(B, N, R, T)`, NaN where there are none.
 * @param options Which responses count.
 * @returns One number per cell.
 * @throws {RangeError} If shapes do not fit, a response is infinite, or the mask
 * holds anything but 0 and 1.
 */
export function snr(
  responses: Tensor,
  options: MetricOptions = {},
): Float64Array {
  return qualityPerCell("measure snr", responses, options, signalToNoise);
}
