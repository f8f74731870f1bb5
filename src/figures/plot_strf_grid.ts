import { checkCount } from "../base/check.ts";
import type { Figure } from "./figure.ts";
import {
  FIGURE_OPTIONS,
  type FigureOptions,
  frameOf,
} from "./figure_options.ts";
import { BAR_MARGIN } from "./panels/spectrogram_panel.ts";
import { stacked } from "./stack_figures.ts";
import { type StrfInput, strfPanel, strfView } from "./panels/strf_panel.ts";
import { nameOf } from "./panels/titles.ts";

/** Options for {@linkcode plotStrfGrid}. */
export interface StrfGridOptions extends FigureOptions {
  /**
   * Fields in a row.
   *
   * @default {4}
   */
  readonly columns?: number;
  /**
   * Whether each field has colours up to its own greatest weight (`own`), or all
   * have the same (`shared`), which compares their strengths.
   *
   * @default {"own"}
   */
  readonly scale?: "own" | "shared";
  /** Title of each field; the default is the cell's name. */
  readonly titles?: readonly string[];
  /** Band and lag of each field to surround by a ring. */
  readonly marks?:
    readonly (readonly [band: number, lag: number] | undefined)[];
}

const ACT = "plot STRFs";

/**
 * Draws the receptive fields of several cells, row by row, as `plotStrf` draws
 * one. Width and height are those of a single field.
 *
 * @example Two fields on the same scale
 * ```ts
 * import { plotStrfGrid } from "rxephys/figures";
 *
 * const strfs = [1, 2].map((peak) => {
 *   const data = new Float32Array(4 * 10);
 *   data[2 * 10 + 3] = peak;
 *   return { weights: { data, shape: [4, 10] }, dtMs: 5 };
 * });
 * const titles = ["weak", "strong"];
 * const figure = plotStrfGrid(strfs, { titles, scale: "shared" });
 * console.log(figure.width, figure.height);
 * ```
 *
 * @param strfs At least one; they may differ in bands and lags.
 * @throws {RangeError} If there is no field, if one has a wrong shape or is not
 * finite, or if an option is outside its range or does not exist.
 */
export function plotStrfGrid(
  strfs: readonly StrfInput[],
  options: StrfGridOptions = {},
): Figure {
  const known = [
    ...FIGURE_OPTIONS,
    ...["columns", "scale", "titles", "marks"] as const,
  ] as const;
  const frame = frameOf(ACT, options, known, { width: 190, height: 190 });
  const { columns = 4, scale = "own", titles, marks, title = "" } = options;
  checkCount(ACT, "columns", columns, 1);
  checkCount(ACT, "strfs.length", strfs.length, 1);
  if (scale !== "own" && scale !== "shared") {
    throw new RangeError(
      `Cannot ${ACT}: scale is ${scale}, expected own or shared`,
    );
  }
  for (const [name, list] of Object.entries({ titles, marks })) {
    if (list === undefined || list.length === strfs.length) continue;
    throw new RangeError(
      `Cannot ${ACT}: ${name} has ${list.length} entries, ` +
        `expected ${strfs.length}`,
    );
  }
  const views = strfs.map((strf) => strfView(ACT, strf));
  const most = views.reduce((m, view) => Math.max(m, view.most), 0);
  const isShared = scale === "shared";
  const panels = views.map((view, i) => {
    // One bar says it for the row.
    const hasBar = isShared &&
      (i % columns === columns - 1 || i === strfs.length - 1);
    const room = hasBar ? BAR_MARGIN - frame.marginRight : 0;
    return strfPanel(view, {
      ...frame,
      width: frame.width + room,
      marginTop: 42,
      marginLeft: 44,
      marginRight: frame.marginRight + room,
    }, {
      most: isShared ? most : view.most,
      hasBar,
      isLabelled: { x: i + columns >= strfs.length, y: i % columns === 0 },
      title: titles?.[i] ?? nameOf(strfs[i]?.cell) ?? "",
      mark: marks?.[i],
    });
  });
  return stacked(panels, { columns, gapPx: 4, title });
}
