import type { Figure } from "./figure.ts";
import { frameOf, TIME_OPTIONS, type TimeOptions } from "./figure_options.ts";
import { overlaysOf, type Prediction } from "./panels/prediction.ts";
import { psthOf, repeatsOf, type ResponseInput } from "./panels/repeats.ts";
import { psthPanel, timeAxis } from "./panels/response_panels.ts";
import { stacked } from "./stack_figures.ts";
import { cellTitle, stimTitle, titleOf } from "./panels/titles.ts";

/** Options for {@linkcode plotPsthVsPrediction}. */
export interface PsthVsPredictionOptions extends TimeOptions {
  /**
   * Name of the model in the legend.
   *
   * @default {"prediction"}
   */
  readonly model?: string;
  /** Score of the prediction, such as its normalized correlation, for the title. */
  readonly score?: number;
}

const ACT = "plot a prediction";

/**
 * Draws the mean over a cell's repeats with their spread, and a model's
 * prediction of it.
 *
 * @example A prediction of the mean itself
 * ```ts
 * import { plotPsthVsPrediction } from "rxephys/figures";
 *
 * const data = Float32Array.of(0, 2, 4, 0, 4, 6);
 * const response = { data, shape: [2, 3], dtMs: 5, unit: "mV" };
 * const figure = plotPsthVsPrediction(response, [0, 3, 5], { score: 1 });
 * console.log(String(figure));
 * ```
 *
 * @param response `(R, T)` of a dataset, or a response of a stream.
 * @param prediction `[T]`, in the unit of the response.
 * @throws {RangeError} If the response holds no value, if the prediction has
 * another length, or if an option is outside its range or does not exist.
 */
export function plotPsthVsPrediction(
  response: ResponseInput,
  prediction: Prediction,
  options: PsthVsPredictionOptions = {},
): Figure {
  const known = [...TIME_OPTIONS, "model", "score"] as const;
  const frame = frameOf(ACT, options, known, { height: 200 });
  const { cell, stim, title, model, score } = options;
  const repeats = repeatsOf(ACT, response, options);
  const overlays = overlaysOf(ACT, repeats, prediction, model);
  const panel = psthPanel(
    repeats,
    psthOf(repeats),
    frame,
    timeAxis(repeats),
    overlays,
  );
  const scored = score === undefined ? "" : `score ${score.toFixed(3)}`;
  return stacked([panel], {
    title: titleOf(title, cellTitle(cell), stimTitle(stim), scored),
  });
}
