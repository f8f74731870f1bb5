import type { StimMeta } from "../session.ts";
import type { Tensor } from "../tensor.ts";
import type { Figure } from "./figure.ts";
import {
  FIGURE_OPTIONS,
  type FigureOptions,
  frameOf,
} from "./figure_options.ts";
import {
  BAR_MARGIN,
  checkLevels,
  LOOK_OPTIONS,
  type SpectrogramLook,
  spectrogramPanel,
} from "./panels/spectrogram_panel.ts";
import { spectrogramView } from "./panels/spectrogram_view.ts";
import { stacked } from "./stack_figures.ts";
import { stimTitle, titleOf } from "./panels/titles.ts";

/** Options for {@linkcode plotSpectrogram}. */
export interface SpectrogramOptions extends FigureOptions, SpectrogramLook {
  /** First and last second to draw; default: all. */
  readonly timeS?: readonly [from: number, to: number];
  /** Metadata of the stimulus, for the title. */
  readonly stim?: StimMeta;
}

const ACT = "plot a spectrogram";

/**
 * Draws a stimulus: time to the right, frequency upwards.
 *
 * - In: `(1, F, T)` or `(F, T)` with `dtMs`. With `bandsHz` the axis of frequency
 *   is in kHz, without it in bands.
 * - The levels are one image of a pixel a bin; NaN is left white.
 *
 * @example The first sound of a dataset
 * ```ts
 * import type { NeuralDataset } from "rxephys";
 * import { type Figure, plotSpectrogram } from "rxephys/figures";
 *
 * function firstSound(dataset: NeuralDataset): Figure {
 *   const { stims, stimMeta } = dataset.at(0);
 *   return plotSpectrogram(stims, { stim: stimMeta, khz: [1, 20] });
 * }
 * ```
 *
 * @throws {RangeError} If the tensor is no spectrogram, or if an option is
 * outside its range or does not exist.
 */
export function plotSpectrogram(
  stim: Tensor,
  options: SpectrogramOptions = {},
): Figure {
  const frame = frameOf(ACT, options, [
    ...FIGURE_OPTIONS,
    ...LOOK_OPTIONS,
    ...["timeS", "stim"] as const,
  ], { height: 220 });
  checkLevels(ACT, options);
  const view = spectrogramView(ACT, stim, options);
  const panel = spectrogramPanel(
    view,
    { ...frame, marginRight: BAR_MARGIN },
    options,
  );
  return stacked([panel], {
    title: titleOf(options.title, stimTitle(options.stim)),
  });
}
