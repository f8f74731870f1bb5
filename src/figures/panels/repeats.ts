import type { CellMeta, CellResponse, Samples } from "../../session.ts";
import type { Tensor } from "../../tensor.ts";
import { binsIn, secondsOf } from "./spectrogram_view.ts";

/**
 * Response of one cell: `(R, T)` of a dataset, a mean `(T)`, or as a stream
 * carries it.
 */
export type ResponseInput = Tensor | CellResponse;

/** Part of a response, and whose it is. */
export interface ResponsePart {
  /** First and last second; default: all. */
  readonly timeS?: readonly [from: number, to: number];
  /** Metadata of the cell, which know spikes after a normalization. */
  readonly cell?: CellMeta;
}

/** Repeats of a response in the unit of the axis. */
export interface Repeats {
  /** One list of values a repeat; they may differ in length. */
  readonly rows: readonly Float64Array[];
  /** Time of the left edge of the first value in s. */
  readonly startS: number;
  /** Distance of two values in s. */
  readonly stepS: number;
  /** Text of the axis. */
  readonly label: string;
  readonly isSpikes: boolean;
  /** Length of the whole response. */
  readonly bins: number;
  /** First bin of the rows. */
  readonly from: number;
  /** Unit of the response in units of the axis. */
  readonly factor: number;
}

/** Mean over repeats, and their spread. */
export interface Psth {
  readonly mean: Float64Array;
  /**
   * Standard deviation over repeats, of spikes the standard error of the mean;
   * NaN where there are fewer than two repeats.
   */
  readonly spread: Float64Array;
}

/**
 * Takes the repeats out of a response. Counts of spikes, whole numbers in bins,
 * become spikes/s.
 *
 * @throws {RangeError} If the response has no repeat, no time, or another shape.
 */
export function repeatsOf(
  act: string,
  response: ResponseInput,
  { timeS, cell }: ResponsePart = {},
): Repeats {
  const { rows, stepS } = "repeats" in response
    ? ofCell(response)
    : ofTensor(act, response);
  const bins = rows.reduce((most, { length }) => Math.max(most, length), 0);
  if (bins === 0 || rows.every((row) => row.every(Number.isNaN))) {
    throw new RangeError(
      `Cannot ${act}: the response holds no value, ` +
        "expected a cell that heard the stimulus",
    );
  }
  const [from, to] = binsIn(act, timeS, stepS, bins);
  const { unit } = response;
  const kind = "repeats" in response ? response.kind : cell?.signalType;
  const isSpikes = kind === "spikes" || unit?.startsWith("spikes") === true;
  const isCount = unit === "spikes" && response.dtMs !== undefined &&
    rows.every((row) =>
      row.every((x) => Number.isInteger(x) || Number.isNaN(x))
    );
  const factor = isCount ? 1 / stepS : 1;
  return {
    rows: rows.map((row) => row.slice(from, to).map((x) => x * factor)),
    startS: from * stepS,
    stepS,
    isSpikes,
    bins,
    from,
    factor,
    label: labelOf(isCount ? "spikes/s" : unit),
  };
}

/** Mean and spread of every bin; NaN is no value. */
export function psthOf({ rows, isSpikes }: Repeats): Psth {
  const bins = rows.reduce((most, { length }) => Math.max(most, length), 0);
  const [counts, sums, squares] = [0, 0, 0].map(() =>
    new Float64Array(bins)
  ) as [Float64Array, Float64Array, Float64Array];
  for (const row of rows) {
    row.forEach((value, t) => {
      if (Number.isNaN(value)) return;
      (counts[t] as number)++;
      (sums[t] as number) += value;
    });
  }
  const mean = sums.map((sum, t) => sum / (counts[t] as number));
  for (const row of rows) {
    row.forEach((value, t) => {
      if (Number.isNaN(value)) return;
      (squares[t] as number) += (value - (mean[t] as number)) ** 2;
    });
  }
  const spread = squares.map((sum, t) => {
    const count = counts[t] as number;
    if (count < 2) return NaN;
    return Math.sqrt(sum / (count - 1) / (isSpikes ? count : 1));
  });
  return { mean, spread };
}

function ofCell(
  { repeats, scale, rateHz }: CellResponse,
): Pick<Repeats, "rows" | "stepS"> {
  const inUnits = (repeat: Samples): Float64Array =>
    Float64Array.from(repeat, (step) => step * scale);
  return { rows: repeats.map(inUnits), stepS: 1 / rateHz };
}

function ofTensor(
  act: string,
  { data, shape, dtMs }: Tensor,
): Pick<Repeats, "rows" | "stepS"> {
  const [bins = 0, repeats = 1, ...more] = shape.toReversed();
  if (more.length > 0 || shape.length === 0) {
    throw new RangeError(
      `Cannot ${act}: the response has shape (${shape.join(", ")}), ` +
        "expected (R, T) or (T)",
    );
  }
  const rows = Array.from(
    { length: repeats },
    (_, r) => Float64Array.from(data.subarray(r * bins, (r + 1) * bins)),
  );
  return { rows, stepS: secondsOf(act, dtMs) };
}

function labelOf(unit: string | undefined): string {
  if (unit === undefined) return "response";
  if (unit === "mV") return "Vm (mV)";
  if (unit === "spikes/s") return "rate (spikes/s)";
  // Smoothed marks of spikes are neither counts nor a rate.
  return unit === "spikes" ? unit : `response (${unit})`;
}
