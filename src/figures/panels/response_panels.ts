import { curve, ribbon } from "../draw/curve.ts";
import { type Colouring, heatMap } from "../draw/heat_map.ts";
import { legend, type LegendEntry } from "../draw/legend.ts";
import { levelPalette } from "../draw/palettes.ts";
import { ACCENT, type Draw, element, type Frame, INK } from "../draw/panel.ts";
import { type Panel, panel } from "../draw/panel.ts";
import { type Psth, type Repeats } from "./repeats.ts";
import { rangeOf, roundTicks, widened } from "../draw/ticks.ts";

const SPREAD = "#c9d3e2";
const REPEAT = "#8fa1b8";
/** A raster with more bins of spikes than this share is drawn in grey levels. */
const MOST_TICKS = 0.25;

/** Curve to draw over the mean. */
export interface Overlay {
  readonly values: ArrayLike<number>;
  readonly text: string;
}

/** Axis of time. */
export interface TimeAxis {
  /** Left and right end in s. */
  readonly domain: [from: number, to: number];
  readonly label: string | null;
}

/** Draws every repeat: traces one over the other, or a raster of spikes. */
export function repeatsPanel(
  repeats: Repeats,
  frame: Frame,
  x: TimeAxis,
): Panel {
  const { rows, isSpikes, label } = repeats;
  if (isSpikes) {
    const ticks = roundTicks(0, rows.length, 5).filter(Number.isInteger);
    const y = {
      domain: [rows.length, 0],
      label: "repeat",
      ticks: ticks.filter((row) => row > 0).map((row) => row - 0.5),
      tickFormat: (at: number) => String(at + 0.5),
    };
    return panel(frame, { x, y }, [raster(repeats)]);
  }
  const y = { domain: widened(rangeOf(rows)), label };
  const opacity = rows.length > 5 ? "0.6" : "0.9";
  return panel(frame, { x, y }, [
    ...rows.map((values) =>
      curve(course(repeats, values), {
        stroke: REPEAT,
        "stroke-width": 0.8,
        "stroke-opacity": opacity,
      })
    ),
    legend([{ text: `${rows.length} repeats`, colour: REPEAT }]),
  ]);
}

/** Draws the mean over repeats, its spread, and other curves. */
export function psthPanel(
  repeats: Repeats,
  { mean, spread }: Psth,
  frame: Frame,
  x: TimeAxis,
  overlays: readonly Overlay[] = [],
): Panel {
  const low = mean.map((value, t) => value - (spread[t] as number));
  const high = mean.map((value, t) => value + (spread[t] as number));
  const isSpread = spread.some(Number.isFinite);
  const range = rangeOf([mean, low, high, ...overlays.map(finiteOf)]);
  const [least, most] = widened(range);
  const draws: Draw[] = [];
  const entries: LegendEntry[] = [];
  if (isSpread) {
    draws.push(ribbon(course(repeats, low), course(repeats, high), SPREAD));
    entries.push({
      text: repeats.isSpikes ? "SEM" : "SD",
      colour: SPREAD,
      isBox: true,
    });
  }
  draws.push(
    curve(course(repeats, mean), { stroke: INK, "stroke-width": 1.4 }),
  );
  entries.push({ text: "mean of repeats", colour: INK });
  for (const { values, text } of overlays) {
    // Dashed: in grey it would look like the mean.
    const dash = "5,2";
    const stroke = {
      stroke: ACCENT,
      "stroke-width": 1.4,
      "stroke-dasharray": dash,
    };
    draws.push(curve(course(repeats, values), stroke));
    entries.push({ text, colour: ACCENT, dash });
  }
  return panel(frame, {
    x,
    y: { domain: [least, most], label: repeats.label },
  }, [...draws, legend(entries)]);
}

/** Axis of time over all of a response. */
export function timeAxis(
  repeats: Repeats,
  label: string | null = "time (s)",
): TimeAxis {
  return { domain: timeOf(repeats), label };
}

/** Times of the left and right edge. */
function timeOf({ rows, startS, stepS }: Repeats): [number, number] {
  const bins = rows.reduce((most, { length }) => Math.max(most, length), 0);
  return [startS, startS + bins * stepS];
}

/** A line through the middles of the bins. */
export function course(
  { startS, stepS }: Repeats,
  values: ArrayLike<number>,
): Parameters<typeof curve>[0] {
  return { values, start: startS + stepS / 2, step: stepS };
}

function raster(repeats: Repeats): Draw {
  const { rows } = repeats;
  const [, right] = timeOf(repeats);
  const filled = rows.reduce(
    (n, row) => n + row.filter((v) => v > 0).length,
    0,
  );
  const bins = rows.reduce((n, { length }) => n + length, 0);
  if (filled > MOST_TICKS * bins) {
    return greyRaster(repeats, right);
  }
  return ({ x, y }) => {
    const tall = 0.8 * Math.abs(y(1) - y(0));
    let path = "";
    rows.forEach((row, r) => {
      const top = y(r) + tall / 8;
      row.forEach((value, t) => {
        if (!(value > 0)) return;
        const at = x(repeats.startS + (t + 0.5) * repeats.stepS);
        path += `M${at.toFixed(1)},${top.toFixed(1)}v${tall.toFixed(1)}`;
      });
    });
    return element("path", { d: path, stroke: INK, "stroke-width": 1 });
  };
}

function greyRaster({ rows, startS }: Repeats, right: number): Draw {
  const columns = rows.reduce((most, { length }) => Math.max(most, length), 0);
  const values = new Float32Array(rows.length * columns).fill(NaN);
  // Of the image the first row is the lowest one.
  rows.toReversed().forEach((row, r) => values.set(row, r * columns));
  const [, high] = rangeOf(rows);
  const colouring: Colouring = {
    palette: levelPalette("greys"),
    range: [0, high],
  };
  const extent = { x: [startS, right], y: [rows.length, 0] } as const;
  return heatMap({ values, rows: rows.length, columns }, extent, colouring);
}

function finiteOf({ values }: Overlay): number[] {
  return Array.from(values).filter(Number.isFinite);
}
