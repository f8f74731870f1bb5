import * as Plot from "@observablehq/plot";
import { DOMParser } from "linkedom";
import type { LinearField } from "./ridge.ts";

/** One panel of {@linkcode strfFigure}. */
export interface StrfPanel {
  /** Text above the panel. */
  readonly title: string;
  /** The field to draw. */
  readonly field: LinearField;
  /** Band and lag to mark, if known. */
  readonly mark?: readonly [band: number, lag: number];
}

/** The axes of the panels. */
export interface StrfAxes {
  /** Centre frequency of band 0. */
  readonly fminHz: number;
  readonly bandsPerOctave: number;
  readonly dtMs: number;
}

const COLUMNS = 4;
const PANEL_PX = 190;
const MARGIN_PX = 50;

/**
 * Draws fields as SVG, four in a row: lag to the right, frequency upwards, red
 * above zero and blue below. Each is scaled to its greatest weight, and a ring
 * surrounds the marked bin.
 */
export function strfFigure(
  panels: readonly StrfPanel[],
  axes: StrfAxes,
): string {
  const placed = panels.map((panel, i) => ({
    ...panel,
    fx: i % COLUMNS,
    fy: Math.floor(i / COLUMNS),
  }));
  const svg = Plot.plot({
    document: new DOMParser().parseFromString("<html></html>", "text/html"),
    width: PANEL_PX * Math.min(COLUMNS, panels.length) + MARGIN_PX,
    height: PANEL_PX * Math.ceil(panels.length / COLUMNS) + MARGIN_PX,
    marginLeft: MARGIN_PX,
    marginTop: MARGIN_PX / 2,
    fx: { axis: null },
    fy: { axis: null, padding: 0.15 },
    x: { label: "lag (ms)", ...lagTicks(panels, axes), padding: 0 },
    y: {
      label: "frequency (kHz)",
      ...bandTicks(panels, axes),
      reverse: true,
      padding: 0,
    },
    color: {
      type: "diverging",
      scheme: "RdBu",
      reverse: true,
      domain: [-1, 1],
    },
    marks: marksOf(placed),
  });
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return svg.outerHTML;
}

interface Placed extends StrfPanel {
  readonly fx: number;
  readonly fy: number;
}

function marksOf(placed: readonly Placed[]): Plot.Markish[] {
  const facet = { fx: "fx", fy: "fy" };
  const marked = placed.flatMap(({ mark, fx, fy }) =>
    mark === undefined ? [] : [{ band: mark[0], lag: mark[1], fx, fy }]
  );
  return [
    Plot.cell(placed.flatMap(weightsOf), {
      x: "lag",
      y: "band",
      fill: "weight",
      ...facet,
    }),
    Plot.dot(marked, { x: "lag", y: "band", r: 5, ...facet }),
    Plot.text(placed, { text: "title", frameAnchor: "top", dy: -12, ...facet }),
  ];
}

interface Weight {
  readonly band: number;
  readonly lag: number;
  readonly weight: number;
  readonly fx: number;
  readonly fy: number;
}

function weightsOf({ field, fx, fy }: Placed): Weight[] {
  const greatest = field.weights.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  return Array.from(field.weights, (weight, i) => ({
    band: Math.floor(i / field.lags),
    lag: i % field.lags,
    weight: weight / greatest,
    fx,
    fy,
  }));
}

interface Ticks {
  readonly ticks: number[];
  readonly tickFormat: (value: number) => string;
}

/** Every 50 ms. */
function lagTicks(
  [panel]: readonly StrfPanel[],
  { dtMs }: StrfAxes,
): Ticks {
  const step = Math.max(1, Math.round(50 / dtMs));
  return {
    ticks: everyOf(panel?.field.lags ?? 0, step),
    tickFormat: (lag) => String(lag * dtMs),
  };
}

/** Every other octave. */
function bandTicks(
  [panel]: readonly StrfPanel[],
  { fminHz, bandsPerOctave }: StrfAxes,
): Ticks {
  return {
    ticks: everyOf(panel?.field.bands ?? 0, 2 * bandsPerOctave),
    tickFormat: (band) => String(fminHz / 1000 * 2 ** (band / bandsPerOctave)),
  };
}

function everyOf(count: number, step: number): number[] {
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
}
