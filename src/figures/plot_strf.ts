import type { Figure } from "./figure.ts";
import {
  FIGURE_OPTIONS,
  type FigureOptions,
  frameOf,
} from "./figure_options.ts";
import { BAR_MARGIN } from "./panels/spectrogram_panel.ts";
import { stacked } from "./stack_figures.ts";
import { type StrfInput, strfPanel, strfView } from "./panels/strf_panel.ts";
import { cellTitle, titleOf } from "./panels/titles.ts";

/** Options for {@linkcode plotStrf}. */
export interface StrfOptions extends FigureOptions {
  /** Band and lag to surround by a ring, such as a known peak. */
  readonly mark?: readonly [band: number, lag: number];
}

const ACT = "plot an STRF";

/**
 * Draws the receptive field of a cell: lag to the right, frequency upwards, red
 * above zero and blue below.
 *
 * - Outlines surround the bins of at least a third of the greatest magnitude,
 *   dashed below zero, so that the signs differ in grey, too.
 *
 * @example A field with one peak
 * ```ts
 * import { plotStrf } from "rxephys/figures";
 *
 * const data = new Float32Array(4 * 10);
 * data[2 * 10 + 3] = 1;
 * const strf = { weights: { data, shape: [1, 4, 10] }, dtMs: 5 };
 * console.log(String(plotStrf(strf, { title: "One peak" })));
 * ```
 *
 * @throws {RangeError} If the weights have another shape or are not finite, or if
 * an option is outside its range or does not exist.
 */
export function plotStrf(strf: StrfInput, options: StrfOptions = {}): Figure {
  const known = [...FIGURE_OPTIONS, "mark"] as const;
  const frame = frameOf(ACT, options, known, { width: 400, height: 280 });
  const view = strfView(ACT, strf);
  const panel = strfPanel(
    view,
    { ...frame, marginRight: BAR_MARGIN },
    { most: view.most, hasBar: true, mark: options.mark },
  );
  return stacked([panel], {
    title: titleOf(options.title, cellTitle(strf.cell)),
  });
}
