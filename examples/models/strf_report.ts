import type { CellSplit } from "./split_of.ts";
import type { StrfFit } from "./strf.ts";
import { type StrfAxes, strfFigure } from "./strf_figure.ts";
import type { Peak } from "./true_peaks.ts";

/** A cell's fit with its scores. */
export interface CellStrf extends StrfFit {
  readonly session: string;
  /** Number of the cell in the published tables. */
  readonly wehrCellIdx: number;
  /** Signal-to-noise ratio of the responses; null where it is not defined. */
  readonly snr: number | null;
  readonly split: CellSplit;
  /** Normalized correlation on the test stimuli, NaN where it is not defined. */
  readonly ccNorm: number;
  /** Bin of the greatest weight. */
  readonly peak: Peak;
  /** True peak, in a synthetic release. */
  readonly truePeak?: Peak;
}

const COLUMNS = [16, 5, 16, 6, 8, 17, 17];

/** Header of the lines of {@linkcode strfLine}. */
export const STRF_HEADER: string = line(
  ["session", "SNR", "split", "ridge", "cc_norm", "peak", "true peak"],
);

/** One line of the table. */
export function strfLine(
  { session, snr, split, ridge, ccNorm, peak, truePeak }: CellStrf,
  axes: StrfAxes,
): string {
  const { train, val, test, origin } = split;
  const counts = [train, val, test].map((stims) => stims.length).join("/");
  return line([
    session,
    fixed(snr, 1),
    `${counts} ${origin}`,
    String(ridge),
    fixed(ccNorm, 3),
    place(peak, axes),
    truePeak === undefined ? "" : place(truePeak, axes),
  ]);
}

/** Mean score of the cells that have one. */
export function meanCcNorm(cells: readonly CellStrf[]): number {
  const scores = cells.map(({ ccNorm }) => ccNorm).filter(Number.isFinite);
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/** Writes `strf.json`, with everything, and `strf.svg` to a folder. */
export async function writeStrfs(
  folder: string,
  cells: readonly CellStrf[],
  axes: StrfAxes,
): Promise<void> {
  const asArrays = (_: string, value: unknown): unknown =>
    value instanceof Float64Array ? Array.from(value) : value;
  await Deno.writeTextFile(
    `${folder}/strf.json`,
    JSON.stringify({ axes, meanCcNorm: meanCcNorm(cells), cells }, asArrays),
  );
  const panels = cells.map(({ session, ccNorm, field, truePeak }) => ({
    title: `${session}, ${fixed(ccNorm, 2)}`,
    field,
    ...(truePeak && { mark: truePeak }),
  }));
  await Deno.writeTextFile(`${folder}/strf.svg`, strfFigure(panels, axes));
}

function line(columns: readonly string[]): string {
  return columns.map((text, i) => text.padEnd(COLUMNS[i] ?? 0)).join(" ")
    .trimEnd();
}

function fixed(value: number | null, digits: number): string {
  return Number.isFinite(value) ? Number(value).toFixed(digits) : "-";
}

function place(
  [band, lag]: Peak,
  { fminHz, bandsPerOctave, dtMs }: StrfAxes,
): string {
  const kHz = fminHz / 1000 * 2 ** (band / bandsPerOctave);
  return `${kHz.toFixed(1)} kHz, ${lag * dtMs} ms`;
}
