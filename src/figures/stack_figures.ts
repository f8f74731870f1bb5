import { checkCount, checkOptions, checkRange } from "../base/check.ts";
import { Figure } from "./figure.ts";
import { escaped, pixels, shortened } from "./draw/markup.ts";
import { INK, type Panel } from "./draw/panel.ts";

/** Options for {@linkcode stackFigures}. */
export interface StackOptions {
  /**
   * Number of figures in a row.
   *
   * @default {1}
   */
  readonly columns?: number;
  /**
   * Pixels between figures.
   *
   * @default {8}
   */
  readonly gapPx?: number;
  /** Title above all of them. */
  readonly title?: string;
}

const ACT = "stack figures";
const TITLE_PX = 30;
/** Width of a letter of a title, about. */
const LETTER_PX = 7;

/**
 * Joins several figures in one, row by row.
 *
 * @example Two sounds, one above the other
 * ```ts
 * import type { Tensor } from "rxephys";
 * import { type Figure, plotSpectrogram, stackFigures } from "rxephys/figures";
 *
 * function both(one: Tensor, other: Tensor): Figure {
 *   return stackFigures([plotSpectrogram(one), plotSpectrogram(other)]);
 * }
 * ```
 *
 * @param figures At least one.
 * @throws {RangeError} If there is no figure, or an option is outside its range
 * or does not exist.
 */
export function stackFigures(
  figures: readonly Figure[],
  options: StackOptions = {},
): Figure {
  checkOptions<StackOptions>(ACT, options, ["columns", "gapPx", "title"]);
  const { columns = 1, gapPx = 8, title = "" } = options;
  checkCount(ACT, "columns", columns, 1);
  checkRange(ACT, "gapPx", gapPx, 0, 1000);
  checkCount(ACT, "figures.length", figures.length, 1);
  return stacked(figures, { columns, gapPx, title });
}

/** Figure of panels, row by row, with a title above. */
export function stacked(
  panels: readonly Panel[],
  { columns = 1, gapPx = 0, title = "" }: StackOptions,
): Figure {
  const across = Math.min(columns, panels.length);
  const widths = Array.from(
    { length: across },
    (_, column) =>
      greatest(panels, ({ width }, i) => i % columns === column ? width : 0),
  );
  const heights = Array.from(
    { length: Math.ceil(panels.length / columns) },
    (_, row) =>
      greatest(
        panels,
        ({ height }, i) => Math.floor(i / columns) === row ? height : 0,
      ),
  );
  const width = sum(widths) + gapPx * (widths.length - 1);
  const top = title === "" ? 0 : TITLE_PX;
  const placed = panels.map(({ markup }, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    const x = sum(widths.slice(0, column)) + gapPx * column;
    const y = top + sum(heights.slice(0, row)) + gapPx * row;
    return `<g transform="translate(${pixels(x)},${pixels(y)})">${markup}</g>`;
  });
  return new Figure({
    markup: titleMarkup(title, width) + placed.join(""),
    width,
    height: top + sum(heights) + gapPx * (heights.length - 1),
    title,
  });
}

function titleMarkup(title: string, width: number): string {
  if (title === "") return "";
  const most = Math.max(8, Math.floor((width - 24) / LETTER_PX));
  return `<text x="12" y="20" font-size="14" font-weight="600" ` +
    `fill="${INK}">${escaped(shortened(title, most))}</text>`;
}

function greatest(
  panels: readonly Panel[],
  size: (panel: Panel, index: number) => number,
): number {
  return panels.reduce((most, panel, i) => Math.max(most, size(panel, i)), 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
