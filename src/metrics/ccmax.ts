import type { Tensor } from "../tensor.ts";
import { checkOptions } from "../base/check.ts";
import {
  METRIC_OPTIONS,
  type MetricOptions,
  qualityPerCell,
} from "./per_cell.ts";
import { type Reduced, reduced, type Reduction } from "./reduction.ts";
import { SPLIT_OPTIONS, type SplitOptions } from "./repeat_quality.ts";

const ACT = "measure ccmax";

/** Options for {@linkcode ccmax}. */
export interface CcmaxOptions<Kind extends Reduction = "none">
  extends MetricOptions<Kind>, SplitOptions {}

/**
 * Noise ceiling of each cell: the largest correlation with its mean response that
 * a model can reach.
 *
 * - Responses `(B, N, R, T)`, any unit; `[N]`, 0 to 1.
 * - Per stimulus the mean Pearson r of half splits, at most `maxCcmaxIters`; an
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
 * @param options Which responses count, the reduction, and which splits.
 * @returns One number per cell, or their mean or sum.
 * @throws {RangeError} If shapes do not fit, a response is infinite, or the mask
 * holds anything but 0 and 1.
 */
export function ccmax<Kind extends Reduction = "none">(
  responses: Tensor,
  options: CcmaxOptions<Kind> = {},
): Reduced<Kind> {
  checkOptions(ACT, options, [...METRIC_OPTIONS, ...SPLIT_OPTIONS]);
  const { reduction, ...counted } = options;
  const values = qualityPerCell(
    ACT,
    responses,
    counted,
    (quality) => quality.ccmax,
  );
  return reduced(ACT, values, reduction);
}
