import { checkCount } from "../base/check.ts";
import type { CellMeta } from "../session.ts";
import { type Draw, element, INK, type Panel, panel } from "./draw/panel.ts";
import { legend } from "./draw/legend.ts";
import { pixels } from "./draw/markup.ts";
import { rangeOf, tickText, widened } from "./draw/ticks.ts";
import type { Figure } from "./figure.ts";
import {
  FIGURE_OPTIONS,
  type FigureOptions,
  frameOf,
} from "./figure_options.ts";
import { repeatsOf, type ResponseInput } from "./panels/repeats.ts";
import { cellTitle, titleOf } from "./panels/titles.ts";
import { stacked } from "./stack_figures.ts";

/** Options for {@linkcode plotHistogram}. */
export interface HistogramOptions extends FigureOptions {
  /** The same responses after a step such as `detrend()`. */
  readonly after?: ResponseInput | readonly ResponseInput[];
  /**
   * Number of bars, 2 to 1000.
   *
   * @default {80}
   */
  readonly bars?: number;
  /**
   * Least and greatest value to draw; default: all. Values beyond them count in
   * the shares, the mean and the standard deviation.
   */
  readonly range?: readonly [low: number, high: number];
  /** The same for the responses after the step. */
  readonly afterRange?: readonly [low: number, high: number];
  /** Metadata of the cell, for the title. */
  readonly cell?: CellMeta;
}

const ACT = "plot a histogram";
const FILL = "#8fa1b8";

/**
 * Draws how often a cell had which membrane potential, before and after a step
 * such as `detrend()`, side by side, with mean and standard deviation.
 *
 * - All repeats of all responses count, sample by sample. NaN does not count.
 *
 * @example Samples of a response
 * ```ts
 * import { plotHistogram } from "rxephys/figures";
 *
 * const data = Float32Array.from({ length: 500 }, (_, t) => Math.sin(t));
 * const response = { data, shape: [1, 500], dtMs: 1, unit: "mV" };
 * console.log(String(plotHistogram(response, { bars: 20 })));
 * ```
 *
 * @param responses Response, or several of one cell.
 * @throws {RangeError} If there is no sample, or if an option is outside its
 * range or does not exist.
 */
export function plotHistogram(
  responses: ResponseInput | readonly ResponseInput[],
  options: HistogramOptions = {},
): Figure {
  const known = [
    ...FIGURE_OPTIONS,
    ...["after", "bars", "cell", "range", "afterRange"] as const,
  ] as const;
  const frame = frameOf(ACT, options, known, { height: 240 });
  const { after, bars = 80, cell, title, range, afterRange } = options;
  checkCount(ACT, "bars", bars, 2, 1000);
  const all = after === undefined ? [responses] : [responses, after];
  const names = after === undefined ? [""] : ["before: ", "after: "];
  const panels = all.map((some, i): Panel => {
    const { rows, label } = samplesOf(some);
    const domain = domainOf(rows, i === 0 ? range : afterRange);
    const shares = sharesOf(rows, domain, bars);
    return panel({ ...frame, width: frame.width / all.length }, {
      x: { domain: widened(domain, 0.02), label },
      y: {
        domain: [0, 1.05 * shares.reduce((a, b) => Math.max(a, b)) || 1],
        label: "samples (%)",
      },
    }, [
      barsOf(shares, domain),
      legend([{
        text: `${names[i]}${momentsText(rows)}`,
        colour: FILL,
        isBox: true,
      }]),
    ]);
  });
  return stacked(panels, {
    columns: 2,
    title: titleOf(title, cellTitle(cell)),
  });
}

function samplesOf(
  responses: ResponseInput | readonly ResponseInput[],
): { readonly rows: readonly Float64Array[]; readonly label: string } {
  const parts = [responses].flat().map((response) =>
    repeatsOf(ACT, response as ResponseInput)
  );
  checkCount(ACT, "responses.length", parts.length, 1);
  return {
    rows: parts.flatMap(({ rows }) => rows),
    label: parts[0]?.label ?? "",
  };
}

function domainOf(
  rows: readonly Float64Array[],
  given: readonly [low: number, high: number] | undefined,
): readonly [low: number, high: number] {
  if (given === undefined) {
    const found = rangeOf(rows);
    return found[0] < found[1] ? found : widened(found);
  }
  if (given[0] < given[1] && given.every(Number.isFinite)) return given;
  throw new RangeError(
    `Cannot ${ACT}: the range is ${given.join(" to ")}, ` +
      "expected two numbers, the lower one first",
  );
}

/** Percent of the samples in each bar. */
function sharesOf(
  rows: readonly Float64Array[],
  [low, high]: readonly [number, number],
  bars: number,
): Float64Array {
  const counts = new Float64Array(bars);
  let total = 0;
  for (const row of rows) {
    for (const value of row) {
      if (!Number.isFinite(value)) continue;
      total++;
      if (value < low || value > high) continue;
      const bar = Math.floor(bars * (value - low) / (high - low));
      (counts[Math.min(bars - 1, bar)] as number)++;
    }
  }
  return counts.map((count) => 100 * count / total);
}

function barsOf(
  shares: Float64Array,
  [low, high]: readonly [number, number],
): Draw {
  return ({ x, y }) => {
    const step = (high - low) / shares.length;
    const corners = Array.from(shares, (share, i) => {
      const top = pixels(y(share));
      return `V${top}H${pixels(x(low + (i + 1) * step))}`;
    });
    const bottom = pixels(y(0));
    return element("path", {
      d: `M${pixels(x(low))},${bottom}${corners.join("")}V${bottom}Z`,
      fill: FILL,
      stroke: INK,
      "stroke-width": 0.5,
    });
  };
}

function momentsText(rows: readonly Float64Array[]): string {
  let [count, sum, squares] = [0, 0, 0];
  const each = (visit: (value: number) => void): void =>
    rows.forEach((row) =>
      row.forEach((value) => Number.isFinite(value) && visit(value))
    );
  each((value) => {
    count++;
    sum += value;
  });
  const mean = sum / count;
  each((value) => squares += (value - mean) ** 2);
  const text = (value: number): string =>
    tickText(Number(value.toPrecision(3)));
  return `mean ${text(mean)}, SD ${text(Math.sqrt(squares / count))}`;
}
