import type { Tensor } from "../tensor.ts";
import { signalToNoise } from "./repeat_quality.ts";
import { type MetricOptions, qualityMetric } from "./per_cell.ts";
import type { Reduced, Reduction } from "./reduction.ts";

/**
 * Signal power over noise power of each cell: `SP / max(NP, 1e-12)`.
 *
 * - Responses `(B, N, R, T)`, any unit in which a power of 1e-12 is negligible;
 *   `[N]`.
 * - {@linkcode signalPower} and {@linkcode noisePower} (Sahani and Linden 2003),
 *   each averaged over stimuli before the division. `computeNeuronQuality` writes
 *   the same for a whole dataset.
 * - Below 0 if the estimated signal power is; 0 for a cell that never changes.
 *   Repeats and bins that count, and NaN: as in {@linkcode signalPower}.
 * - As deepSTRF 0.1.0, with the differences listed for {@linkcode signalPower}.
 *
 * @example Reliable cells of a batch
 * ```ts
 * import { type Batch, snr } from "rxephys";
 *
 * function reliable({ responses, validMask }: Batch): number[] {
 *   const ratios = [...snr(responses, { validMask })];
 *   return ratios.flatMap((ratio, cell) => ratio > 0.2 ? [cell] : []);
 * }
 * ```
 *
 * @param responses Responses `(B, N, R, T)`, NaN for missing ones.
 * @param options Which responses count, and the reduction.
 * @returns One number per cell, or their mean or sum.
 * @throws {RangeError} If shapes do not fit, a response is infinite, or the mask
 * holds anything but 0 and 1.
 */
export function snr<Kind extends Reduction = "none">(
  responses: Tensor,
  options: MetricOptions<Kind> = {},
): Reduced<Kind> {
  return qualityMetric("measure snr", responses, options, signalToNoise);
}
