import type { CellMeta } from "../session.ts";
import { type Grid, heatMap } from "./draw/heat_map.ts";
import { legend } from "./draw/legend.ts";
import { shortened } from "./draw/markup.ts";
import { COLOURS } from "./draw/palettes.ts";
import type { Palette } from "./draw/palette_png.ts";
import { panel } from "./draw/panel.ts";
import { roundTicks } from "./draw/ticks.ts";
import type { Figure } from "./figure.ts";
import {
  FIGURE_OPTIONS,
  type FigureOptions,
  frameOf,
} from "./figure_options.ts";
import { nameOf } from "./panels/titles.ts";
import { stacked } from "./stack_figures.ts";

/** Parts of a dataset that {@linkcode plotCoverage} draws. */
export interface CoverageInput {
  /** Whether cell `n` heard stimulus `s`: `[s][n]`. */
  readonly nrnMasks: readonly (readonly boolean[])[];
  /** Metadata of each cell, for the names on the axis. */
  readonly nrnMeta: readonly CellMeta[];
}

const ACT = "plot the coverage";
const HEARD = "#30567f";
const NOT_HEARD = "#e6e9ee";
/** Least height of a row with a name. */
const NAME_PX = 12;
const LETTERS = 20;

/**
 * Draws which cell heard which stimulus: a row for each cell, a column for each
 * stimulus.
 *
 * @example Coverage of a dataset
 * ```ts
 * import { plotCoverage } from "rxephys/figures";
 *
 * const figure = plotCoverage({
 *   nrnMasks: [[true, false], [true, true], [false, true]],
 *   nrnMeta: [{ cellId: "a" }, { cellId: "b" }],
 * });
 * console.log(figure.title);
 * ```
 *
 * @param dataset Dataset, or its masks and metadata.
 * @throws {RangeError} If there is no stimulus or no cell, or if an option is
 * outside its range or does not exist.
 */
export function plotCoverage(
  { nrnMasks, nrnMeta }: CoverageInput,
  options: FigureOptions = {},
): Figure {
  const [S, N] = [nrnMasks.length, nrnMeta.length];
  const height = Math.min(600, Math.max(140, 60 + 14 * N));
  const frame = frameOf(ACT, options, FIGURE_OPTIONS, { height });
  if (S === 0 || N === 0 || nrnMasks.some(({ length }) => length !== N)) {
    throw new RangeError(
      `Cannot ${ACT}: there are ${S} stimuli and ${N} cells, ` +
        "expected a row of masks for each stimulus and a mask for each cell",
    );
  }
  const heard = nrnMasks.flat().filter(Boolean).length;
  const percent = Math.round(100 * heard / (S * N));
  const values = new Float32Array(S * N);
  // Of the image the first row is the lowest one, of the axis the last cell.
  nrnMasks.forEach((row, s) =>
    row.forEach((isHeard, n) => values[(N - 1 - n) * S + s] = Number(isHeard))
  );
  const grid: Grid = { values, rows: N, columns: S };
  const extent = { x: [0, S], y: [N, 0] } as const;
  const px = frame.height - frame.marginTop - frame.marginBottom;
  const hasNames = px / N >= NAME_PX;
  const cells = hasNames
    ? nrnMeta.map((_, n) => n)
    : roundTicks(0, N - 1, px / 30).filter(Number.isInteger);
  const stims = roundTicks(0, S - 1, 12).filter(Number.isInteger);
  const drawn = panel({ ...frame, marginLeft: hasNames ? 130 : 56 }, {
    x: {
      domain: [0, S],
      label: "stimulus",
      ticks: stims.map((s) => s + 0.5),
      tickFormat: (at: number) => String(at - 0.5),
    },
    y: {
      domain: [N, 0],
      label: "cell",
      ticks: cells.map((n) => n + 0.5),
      tickFormat: (at: number) => {
        const n = at - 0.5;
        const name = hasNames ? nameOf(nrnMeta[n]) : undefined;
        return shortened(name ?? String(n), LETTERS);
      },
    },
  }, [
    heatMap(grid, extent, { palette: twoColours(), range: [0, 1] }),
    legend([
      { text: "heard", colour: HEARD, isBox: true },
      { text: "not heard", colour: NOT_HEARD, isBox: true },
    ]),
  ]);
  const { title = `${N} cells, ${S} stimuli, ${percent} % heard` } = options;
  return stacked([drawn], { title });
}

function twoColours(): Palette {
  const palette = new Uint8Array(3 * (COLOURS + 1));
  palette.set(Uint8Array.fromHex(NOT_HEARD.slice(1)), 3);
  palette.set(Uint8Array.fromHex(HEARD.slice(1)), 3 * COLOURS);
  return palette;
}
