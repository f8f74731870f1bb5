import type { Tensor } from "../tensor.ts";
import { checkOptions } from "../base/check.ts";
import { type MetricOptions, qualityPerCell } from "./per_cell.ts";
import type { SplitOptions } from "./repeat_quality.ts";

/** Options for {@linkcode ccmax}. */
export interface CcmaxOptions extends MetricOptions, SplitOptions {}

/**
 * Noise ceiling of each cell: the largest correlation with its mean response that
 * a model can reach.
 *
 * - Responses `(B, N, R, T)`, any unit; `[N]`, 0 to 1.
 * - Per stimulus the mean Pearson r of half splits, at most 126; an
 *   odd repeat, the last, is left out;
 *   `sqrt(2 r / (1 + r))` (Hsu, Borst and Theunissen 2004, Spearman-Brown);
 *   averaged over stimuli weighted by their bins. `computeNeuronQuality`
 *   writes the same for a whole dataset.
 * - Repeats and bins count as in {@linkcode signalPower}. A stimulus is left out
 *   if r is not above 0, or not defined because a half is flat. NaN if none is
 *   left.
 * - As deepSTRF 0.1.0 with `splits: "first"` (the same below 12 repeats), which
 *   returns NaN for a cell with a missing bin or a flat
 *   half in any stimulus, where flat means below 1e-12 in any unit.
 *
 * @example Cells by how well they can be predicted, best first
 * ```ts
 * import { ccmax, type Tensor } from "rxephys";
 *
 * function ranked(responses: Tensor): number[] {
 *   return Array.from(ccmax(responses), (value, n) => ({ n, value: value || 0 }))
 *     .sort((a, b) => b.value - a.value)
 *     .map(({ n }) => n);
 * }
 * ```
 *
 * @param responses Responses `(B, N, R, T)`, NaN for missing ones.
 * @param options Which responses count, and which splits.
 * @returns One number per cell.
 * @throws {RangeError} If shapes do not fit, a response is infinite, or the mask
 * holds anything but 0 and 1.
 */
export function ccmax(
  responses: Tensor,
  options: CcmaxOptions = {},
): Float64Array {
  checkOptions("measure ccmax", options, ["validMask", "splits"]);
  return qualityPerCell(
    "measure ccmax",
    responses,
    options,
    (quality) => quality.ccmax,
  );
}
