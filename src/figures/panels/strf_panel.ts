import type { CellMeta } from "../../session.ts";
import { bandAxis } from "../draw/bands.ts";
import { colourBar, type Grid, heatMap } from "../draw/heat_map.ts";
import { weightPalette } from "../draw/palettes.ts";
import { type Draw, element, type Frame, INK, label } from "../draw/panel.ts";
import { type Panel, panel } from "../draw/panel.ts";
import { pixels, shortened } from "../draw/markup.ts";
import { secondsOf } from "./spectrogram_view.ts";

/** A receptive field. */
export interface StrfInput {
  /**
   * Weights `(1, F, L)` or `(F, L)` in C order, lowest band first; lag 0 is the
   * bin of the response, lag `l` is `l` bins before it.
   */
  readonly weights: {
    readonly data: ArrayLike<number>;
    readonly shape: readonly number[];
    /** Unit of the weights, for the colour bar. */
    readonly unit?: string;
  };
  /** Width of a lag in ms. */
  readonly dtMs: number;
  /** Frequency of each band in Hz `[F]`, if known. */
  readonly bandsHz?: readonly number[];
  /** Metadata of the cell, for the title. */
  readonly cell?: CellMeta;
}

/** A receptive field as an image. */
export interface StrfView {
  readonly grid: Grid;
  /** Greatest magnitude of a weight. */
  readonly most: number;
  readonly lagMs: number;
  readonly bandsHz: readonly number[] | undefined;
  readonly unit: string | undefined;
}

/** How a field is drawn. */
export interface StrfLook {
  /** Magnitude of the deepest red and blue. */
  readonly most: number;
  readonly hasBar: boolean;
  /** Whether the axes are labelled; default: both. */
  readonly isLabelled?: { readonly x: boolean; readonly y: boolean };
  /** Title above the axes, and above the label of the frequency. */
  readonly title?: string;
  /** Band and lag inside a ring. */
  readonly mark?: readonly [band: number, lag: number] | undefined;
}

/** Share of the greatest weight that outlines surround. */
const OUTLINED = 1 / 3;
const LETTER_PX = 6;
/** Height of a title's line above the axes. */
const TITLE_UP = 26;

/**
 * Takes the weights of a field.
 *
 * @throws {RangeError} If shape, bands or bin width are wrong, or a weight is not
 * finite.
 */
export function strfView(act: string, strf: StrfInput): StrfView {
  const { weights: { data, shape, unit }, dtMs, bandsHz } = strf;
  const [columns = 0, rows = 0, channels = 1] = shape.toReversed();
  const size = rows * columns;
  if (
    channels !== 1 || shape.length > 3 || size === 0 || data.length !== size
  ) {
    throw new RangeError(
      `Cannot ${act}: weights has shape (${shape.join(", ")}) and ` +
        `${data.length} values, expected (1, F, L) or (F, L)`,
    );
  }
  if (bandsHz !== undefined && bandsHz.length !== rows) {
    throw new RangeError(
      `Cannot ${act}: bandsHz has ${bandsHz.length} bands, expected ${rows}`,
    );
  }
  const values = Float32Array.from(data);
  const most = values.reduce((m, weight) => Math.max(m, Math.abs(weight)), 0);
  if (!Number.isFinite(most)) {
    throw new RangeError(`Cannot ${act}: a weight is ${most}`);
  }
  const lagMs = 1000 * secondsOf(act, dtMs);
  return { grid: { values, rows, columns }, most, lagMs, bandsHz, unit };
}

/**
 * Draws a field: red above zero, blue below. Outlines at a third of its greatest
 * weight, dashed below zero, keep the two apart in grey.
 */
export function strfPanel(view: StrfView, frame: Frame, look: StrfLook): Panel {
  const { grid, lagMs, bandsHz, unit } = view;
  const { most, hasBar, title = "", mark } = look;
  const { isLabelled = { x: true, y: true } } = look;
  const range: [number, number] = most > 0 ? [-most, most] : [-1, 1];
  const colouring = { palette: weightPalette(), range };
  const right = grid.columns * lagMs;
  const px = frame.height - frame.marginTop - frame.marginBottom;
  const draws: Draw[] = [
    heatMap(grid, { x: [0, right], y: [0, grid.rows] }, colouring),
    outline(view, 1),
    outline(view, -1),
    ({ x, y }) =>
      element("rect", {
        x: x(0),
        y: y(grid.rows),
        width: x(right) - x(0),
        height: y(0) - y(grid.rows),
        fill: "none",
        stroke: INK,
        "stroke-width": 0.75,
      }),
  ];
  if (mark) draws.push(ring(mark, lagMs));
  if (hasBar) draws.push(colourBar(colouring, unit ?? "weight"));
  if (title) draws.push(panelTitle(title));
  return panel(frame, {
    x: { domain: [0, right], label: isLabelled.x ? "lag (ms)" : null },
    y: {
      ...bandAxis(bandsHz, grid.rows, px),
      ...(!isLabelled.y && { label: null }),
    },
  }, draws);
}

/** Lines along the edges of the bins of one sign that reach the share. */
function outline({ grid, most, lagMs }: StrfView, sign: 1 | -1): Draw {
  const { values, rows, columns } = grid;
  const isIn = (row: number, column: number): boolean =>
    row >= 0 && row < rows && column >= 0 && column < columns && most > 0 &&
    sign * (values[row * columns + column] as number) >= OUTLINED * most;
  return ({ x, y }) => {
    let path = "";
    const line = (x1: number, y1: number, x2: number, y2: number): void => {
      const from = `${pixels(x(x1 * lagMs))},${pixels(y(y1))}`;
      path += `M${from}L${pixels(x(x2 * lagMs))},${pixels(y(y2))}`;
    };
    for (let row = 0; row <= rows; row++) {
      for (let column = 0; column <= columns; column++) {
        const here = isIn(row, column);
        if (here !== isIn(row - 1, column)) line(column, row, column + 1, row);
        if (here !== isIn(row, column - 1)) line(column, row, column, row + 1);
      }
    }
    return element("path", {
      d: path,
      fill: "none",
      stroke: INK,
      "stroke-width": 1,
      "stroke-dasharray": sign < 0 ? "2,2" : undefined,
      "aria-label": sign < 0 ? "outline below zero" : "outline above zero",
    });
  };
}

function ring([band, lag]: readonly [number, number], lagMs: number): Draw {
  return ({ x, y }) =>
    element("circle", {
      cx: x((lag + 0.5) * lagMs),
      cy: y(band + 0.5),
      r: 7,
      fill: "none",
      stroke: INK,
      "stroke-width": 1.5,
    });
}

/** A title above the middle of the axes. */
function panelTitle(title: string): Draw {
  return (_, { width, marginLeft, marginRight, marginTop }) => {
    const most = Math.floor((width - marginLeft - 4) / LETTER_PX);
    return label(shortened(title, most), {
      x: (marginLeft + width - marginRight) / 2,
      y: marginTop - TITLE_UP,
      "font-size": "12",
    });
  };
}
