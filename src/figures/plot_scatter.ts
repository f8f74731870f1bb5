import {
  ACCENT,
  type Draw,
  element,
  group,
  INK,
  label,
  PALE_INK,
  panel,
} from "./draw/panel.ts";
import { plainText } from "./draw/markup.ts";
import { rangeOf, widened } from "./draw/ticks.ts";
import type { Figure } from "./figure.ts";
import {
  FIGURE_OPTIONS,
  type FigureOptions,
  frameOf,
} from "./figure_options.ts";
import { stacked } from "./stack_figures.ts";

/** Options for {@linkcode plotScatter}. */
export interface ScatterOptions<Row extends object> extends FigureOptions {
  /** Key of the values to the right. */
  readonly x: keyof Row & string;
  /** Key of the values upwards. */
  readonly y: keyof Row & string;
  /** Text of the lower axis; default: the key. */
  readonly xLabel?: string;
  /** Text of the left axis; default: the key. */
  readonly yLabel?: string;
  /**
   * Whether both axes have the same range and a line marks where both values are
   * equal, as to compare two fits.
   *
   * @default {false}
   */
  readonly identity?: boolean;
  /** Key of the name of each point: written beside it and shown under the mouse. */
  readonly name?: keyof Row & string;
}

/** A row with two values. */
interface Point {
  readonly x: number;
  readonly y: number;
  readonly name: string;
}

const ACT = "plot points";
const LABELS: Readonly<Record<string, string>> = {
  snr: "SNR",
  ccmax: "CCmax",
};
/** More names than these would lie over one another. */
const MOST_NAMES = 40;

/**
 * Draws a point for each row of a table, such as the quality of each cell, or the
 * scores of two fits.
 *
 * - A row whose values are not both finite numbers is left out; the figure counts
 *   such rows.
 *
 * @example Noise ceiling against signal-to-noise ratio
 * ```ts
 * import type { NeuralDataset } from "rxephys";
 * import { type Figure, plotScatter } from "rxephys/figures";
 *
 * function quality(dataset: NeuralDataset): Figure {
 *   dataset.computeNeuronQuality();
 *   const options = { x: "snr", y: "ccmax", name: "session" };
 *   return plotScatter(dataset.nrnMeta, options);
 * }
 * ```
 *
 * @throws {RangeError} If no row has both values, or if an option is outside its
 * range or does not exist.
 */
export function plotScatter<Row extends object>(
  rows: readonly Row[],
  options: ScatterOptions<Row>,
): Figure {
  const { x, y, identity = false, title = "" } = options;
  const { xLabel = LABELS[x] ?? x, yLabel = LABELS[y] ?? y, name } = options;
  const frame = frameOf(ACT, options, [
    ...FIGURE_OPTIONS,
    ...["x", "y", "xLabel", "yLabel", "identity", "name"] as const,
  ], { width: 400, height: 380 });
  const points = rows.map((row): Point => ({
    x: numberIn(row[x]),
    y: numberIn(row[y]),
    name: name === undefined ? "" : plainText(String(row[name] ?? "")),
  })).filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y));
  if (points.length === 0) {
    throw new RangeError(
      `Cannot ${ACT}: no row of ${rows.length} has numbers ${x} and ${y}`,
    );
  }
  const xs = rangeOf([points.map((point) => point.x)]);
  const ys = rangeOf([points.map((point) => point.y)]);
  const both = widened(rangeOf([xs, ys]));
  const drawn = panel(frame, {
    x: { domain: identity ? both : widened(xs), label: plainText(xLabel) },
    y: { domain: identity ? both : widened(ys), label: plainText(yLabel) },
  }, [
    ...(identity ? [identityLine(both)] : []),
    dots(points),
    count(points.length, rows.length),
  ]);
  return stacked([drawn], { title });
}

function numberIn(value: unknown): number {
  return typeof value === "number" ? value : NaN;
}

function identityLine([low, high]: readonly [number, number]): Draw {
  return ({ x, y }) =>
    element("line", {
      x1: x(low),
      y1: y(low),
      x2: x(high),
      y2: y(high),
      stroke: ACCENT,
      "stroke-dasharray": "4,3",
    });
}

function dots(points: readonly Point[]): Draw {
  return ({ x, y }, { width, marginRight }) => {
    const hasNames = points.length <= MOST_NAMES;
    const right = width - marginRight;
    const drawn = points.map((point) => {
      const [cx, cy] = [x(point.x), y(point.y)];
      const dot = element("circle", {
        cx,
        cy,
        r: 3.5,
        fill: "#4a6fa5",
        "fill-opacity": "0.75",
        stroke: INK,
        "stroke-width": 0.5,
      });
      if (point.name === "") return dot;
      const tip = element("title", {});
      tip.textContent = point.name;
      dot.append(tip);
      if (!hasNames) return dot;
      // Names of points on the right end at them, so that none is cut.
      const isRight = cx > right / 2 + 40;
      return group({}, [
        dot,
        label(point.name, {
          x: cx + (isRight ? -6 : 6),
          y: cy + 3,
          fill: PALE_INK,
          "font-size": "9",
          "text-anchor": isRight ? "end" : "start",
        }),
      ]);
    });
    return group({ "aria-label": "points" }, drawn);
  };
}

function count(drawn: number, all: number): Draw {
  const rest = all - drawn;
  const text = `n = ${drawn}${rest === 0 ? "" : `, ${rest} without a value`}`;
  return (_, { width, marginRight, marginTop }) =>
    label(text, {
      x: width - marginRight,
      y: marginTop - 9,
      fill: PALE_INK,
      "text-anchor": "end",
    });
}
