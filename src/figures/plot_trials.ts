import type { Figure } from "./figure.ts";
import { frameOf, TIME_OPTIONS, type TimeOptions } from "./figure_options.ts";
import { MARGINS } from "./draw/panel.ts";
import { psthOf, repeatsOf, type ResponseInput } from "./panels/repeats.ts";
import { psthPanel, repeatsPanel, timeAxis } from "./panels/response_panels.ts";
import { stacked } from "./stack_figures.ts";
import { cellTitle, stimTitle, titleOf } from "./panels/titles.ts";

const ACT = "plot trials";
/** Axes without labels of time below. */
const CLOSE = 12;

/**
 * Draws the repeats of one cell above their mean (PSTH): membrane potentials as
 * traces with their standard deviation, spikes as a raster with the standard
 * error of the mean.
 *
 * - In: `(R, T)` of a dataset or a response of a stream. Counts of spikes become
 *   spikes/s. NaN is no value; repeats may differ in length.
 *
 * @example Every cell that heard the first sound
 * ```ts
 * import type { NeuralDataset } from "rxephys";
 * import { type Figure, plotTrials } from "rxephys/figures";
 *
 * function firstSound(dataset: NeuralDataset): Figure[] {
 *   const { responses, validMask, stimMeta } = dataset.at(0);
 *   return responses.flatMap((response, n) => {
 *     const cell = dataset.nrnMeta[dataset.selectedNeurons[n] ?? 0] ?? {};
 *     return validMask[n]
 *       ? [plotTrials(response, { stim: stimMeta, cell })]
 *       : [];
 *   });
 * }
 * ```
 *
 * @throws {RangeError} If the response holds no value, or if an option is outside
 * its range or does not exist.
 */
export function plotTrials(
  response: ResponseInput,
  options: TimeOptions = {},
): Figure {
  const frame = frameOf(ACT, options, TIME_OPTIONS, {
    height: 340,
    panels: 2,
  });
  const repeats = repeatsOf(ACT, response, options);
  const { cell, stim, title } = options;
  const above = Math.round(0.48 * frame.height);
  return stacked([
    repeatsPanel(repeats, {
      ...frame,
      height: above,
      marginBottom: MARGINS.marginBottom - CLOSE,
    }, timeAxis(repeats, null)),
    psthPanel(repeats, psthOf(repeats), {
      ...frame,
      height: frame.height - above,
    }, timeAxis(repeats)),
  ], { title: titleOf(title, cellTitle(cell), stimTitle(stim)) });
}
