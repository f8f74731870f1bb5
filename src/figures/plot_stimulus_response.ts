import type { Tensor } from "../tensor.ts";
import type { Figure } from "./figure.ts";
import { frameOf, TIME_OPTIONS, type TimeOptions } from "./figure_options.ts";
import { MARGINS, type Panel } from "./draw/panel.ts";
import { overlaysOf, type Prediction } from "./panels/prediction.ts";
import { psthOf, repeatsOf, type ResponseInput } from "./panels/repeats.ts";
import { psthPanel, repeatsPanel, timeAxis } from "./panels/response_panels.ts";
import {
  BAR_MARGIN,
  checkLevels,
  LOOK_OPTIONS,
  type SpectrogramLook,
  spectrogramPanel,
} from "./panels/spectrogram_panel.ts";
import { spectrogramView } from "./panels/spectrogram_view.ts";
import { stacked } from "./stack_figures.ts";
import { cellTitle, stimTitle, titleOf } from "./panels/titles.ts";

/** Options for {@linkcode plotStimulusResponse}. */
export interface StimulusResponseOptions extends TimeOptions, SpectrogramLook {
  /** A model's response `[T]`, in the unit of the response. */
  readonly prediction?: Prediction;
}

const ACT = "plot a stimulus and its response";

/**
 * Draws a stimulus above a cell's response to it: spectrogram, repeats (traces
 * or a raster of spikes) and their mean, with a prediction if there is one. A
 * response of one repeat has no panel of repeats.
 *
 * - In: `(1, F, T)` with `(R, T)`, as an item of a dataset holds them, or a
 *   response of a stream. All panels share the axis of time.
 *
 * @example A dataset's first sound and its first cell
 * ```ts
 * import type { NeuralDataset } from "rxephys";
 * import { type Figure, plotStimulusResponse } from "rxephys/figures";
 *
 * function first(dataset: NeuralDataset): Figure | undefined {
 *   const { stims, responses, validMask, stimMeta: stim } = dataset.at(0);
 *   const n = validMask.indexOf(true);
 *   const [response, cell] = [responses[n], dataset.nrnMeta[n]];
 *   if (response === undefined || cell === undefined) return;
 *   return plotStimulusResponse(stims, response, { stim, cell });
 * }
 * ```
 *
 * @throws {RangeError} If the stimulus is no spectrogram, if the response holds no
 * value, if the prediction has another length, or if an option is outside its
 * range or does not exist.
 */
export function plotStimulusResponse(
  stimulus: Tensor,
  response: ResponseInput,
  options: StimulusResponseOptions = {},
): Figure {
  const known = [...TIME_OPTIONS, ...LOOK_OPTIONS, "prediction"] as const;
  const repeats = repeatsOf(ACT, response, options);
  const hasRepeats = repeats.rows.length > 1;
  const usual = hasRepeats
    ? { height: 480, panels: 3 }
    : { height: 340, panels: 2 };
  const frame = {
    ...frameOf(ACT, options, known, usual),
    marginRight: BAR_MARGIN,
  };
  checkLevels(ACT, options);
  const { cell, stim, title, prediction } = options;
  const view = spectrogramView(ACT, stimulus, options);
  const time = timeAxis(repeats);
  const domain: [number, number] = [
    Math.min(view.timeS[0], time.domain[0]),
    Math.max(view.timeS[1], time.domain[1]),
  ];
  const above = {
    ...frame,
    height: Math.round(frame.height / (hasRepeats ? 3 : 2)),
    marginBottom: MARGINS.marginBottom - 12,
  };
  const x = { domain, label: null };
  const panels: Panel[] = [spectrogramPanel(view, above, options, x)];
  if (hasRepeats) panels.push(repeatsPanel(repeats, above, x));
  const below = {
    ...frame,
    height: frame.height - above.height * panels.length,
  };
  const overlays = overlaysOf(ACT, repeats, prediction);
  panels.push(
    psthPanel(repeats, psthOf(repeats), below, { ...time, domain }, overlays),
  );
  return stacked(panels, {
    title: titleOf(title, cellTitle(cell), stimTitle(stim)),
  });
}
