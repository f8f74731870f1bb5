import { FormatError } from "../errors.ts";
import type { CellMeta } from "../session.ts";
import { type CellStrf, strfPeak } from "./cell_strf.ts";
import type {
  NonlinearityKind,
  OutputNonlinearity,
} from "./output_nonlinearity.ts";

const FORMAT = "rxephys-strf";

/** One cell of a {@linkcode StrfJson}. */
export interface CellStrfJson {
  /** Index of the cell in the dataset of the fit. */
  readonly index: number;
  /** Metadata of the cell. */
  readonly cell: CellMeta;
  /** Name of the cell. */
  readonly label: string;
  /** Weights, a list of L lags for each band. */
  readonly weights: readonly (readonly number[])[];
  /** Response to a stimulus at the mean of every band. */
  readonly offset: number;
  /** Chosen penalty. */
  readonly ridge: number;
  /** Fraction of variance explained on the validation stimuli; null if unknown. */
  readonly valFve: number | null;
  /** Mean of each band, dB. */
  readonly means: readonly number[];
  /** Standard deviation of each band, dB. */
  readonly deviations: readonly number[];
  /** Output stage, if one was fitted. */
  readonly nonlinearity?: OutputNonlinearity;
}

/** A fit as JSON holds it. */
export interface StrfJson {
  /** Name of the format. */
  readonly format: "rxephys-strf";
  /** Version of the format. */
  readonly version: 1;
  /** Width of a bin in ms. */
  readonly dtMs: number;
  /** Frequency of each band in Hz, if known. */
  readonly bandsHz?: readonly number[];
  /** The cells. */
  readonly cells: readonly CellStrfJson[];
}

/** Plain data of a fit. */
export function jsonOf(cells: readonly CellStrf[]): StrfJson {
  const { dtMs, bandsHz } = cells[0] as CellStrf;
  return {
    format: FORMAT,
    version: 1,
    dtMs,
    ...(bandsHz && { bandsHz: [...bandsHz] }),
    cells: cells.map(({ weights: { data, shape }, ...own }) => {
      const [bands = 0, lags = 0] = shape;
      const { index, cell, label, offset, ridge, valFve, nonlinearity } = own;
      return {
        ...{ index, cell, label, offset, ridge },
        valFve: Number.isFinite(valFve) ? valFve : null,
        means: [...own.means],
        deviations: [...own.deviations],
        ...(nonlinearity && { nonlinearity }),
        weights: Array.from(
          { length: bands },
          (_, f) => [...data.subarray(f * lags, (f + 1) * lags)],
        ),
      };
    }),
  };
}

/**
 * Cells of the JSON of a fit.
 *
 * @throws {FormatError} If it is not the JSON of a fit.
 */
export function parsedCells(json: unknown): CellStrf[] {
  const { format, version, dtMs, bandsHz, cells } = recordOf("fit", json);
  if (format !== FORMAT || version !== 1) {
    throw jsonError("format", `${format} ${version}`, `${FORMAT} 1`);
  }
  const binMs = numberIn("dtMs", dtMs, Number.MIN_VALUE);
  const bands = bandsHz === undefined
    ? undefined
    : numbersOf("bandsHz", bandsHz, Number.MIN_VALUE);
  const all = listOf("cells", cells).map((cell, i) =>
    parsedCell(`cells[${i}]`, recordOf(`cells[${i}]`, cell), binMs, bands)
  );
  const [first] = all;
  if (first === undefined) throw jsonError("cells", "empty", "at least one");
  for (const [i, { weights: { shape } }] of all.entries()) {
    if (String(shape) === String(first.weights.shape)) continue;
    const expected = `${first.weights.shape} as cells[0]`;
    throw jsonError(`shape of cells[${i}].weights`, String(shape), expected);
  }
  return all;
}

function parsedCell(
  name: string,
  json: Readonly<Record<string, unknown>>,
  dtMs: number,
  bandsHz: readonly number[] | undefined,
): CellStrf {
  const { label, valFve, nonlinearity } = json;
  if (typeof label !== "string") {
    throw jsonError(`${name}.label`, label, "a text");
  }
  const means = numbersOf(`${name}.means`, json.means);
  const { length } = bandsHz ?? means;
  const deviations = numbersOf(
    `${name}.deviations`,
    json.deviations,
    Number.MIN_VALUE,
  );
  const rows = listOf(`${name}.weights`, json.weights).map((row, f) =>
    numbersOf(`${name}.weights[${f}]`, row)
  );
  const lags = rows[0]?.length ?? 0;
  for (const list of [means, deviations, rows]) {
    if (list.length !== length) {
      throw jsonError(`number of bands of ${name}`, list.length, `${length}`);
    }
  }
  if (lags === 0 || rows.some((row) => row.length !== lags)) {
    throw jsonError(`${name}.weights`, "ragged or empty", "(F, L)");
  }
  const weights = {
    data: Float32Array.from(rows.flat()),
    shape: [length, lags],
    dtMs,
  };
  const field = { weights, dtMs, ...(bandsHz && { bandsHz }) };
  return {
    index: wholeIn(`${name}.index`, json.index),
    cell: recordOf(`${name}.cell`, json.cell) as CellMeta,
    label,
    ...field,
    peak: strfPeak(field),
    offset: numberIn(`${name}.offset`, json.offset),
    ridge: numberIn(`${name}.ridge`, json.ridge, 0),
    valFve: valFve === null ? NaN : numberIn(`${name}.valFve`, valFve),
    means,
    deviations,
    ...(nonlinearity !== undefined && {
      nonlinearity: parsedOutput(`${name}.nonlinearity`, nonlinearity),
    }),
  };
}

function parsedOutput(name: string, json: unknown): OutputNonlinearity {
  const { kind, floor, gain, centre, width } = recordOf(name, json);
  if (kind !== "softplus" && kind !== "sigmoid") {
    throw jsonError(`${name}.kind`, kind, "softplus or sigmoid");
  }
  return {
    kind: kind satisfies NonlinearityKind,
    floor: numberIn(`${name}.floor`, floor),
    gain: numberIn(`${name}.gain`, gain),
    centre: numberIn(`${name}.centre`, centre),
    width: numberIn(`${name}.width`, width, Number.MIN_VALUE),
  };
}

function recordOf(
  name: string,
  json: unknown,
): Readonly<Record<string, unknown>> {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) {
    return json as Readonly<Record<string, unknown>>;
  }
  throw jsonError(name, json, "an object");
}

function listOf(name: string, json: unknown): readonly unknown[] {
  if (Array.isArray(json)) return json;
  throw jsonError(name, json, "a list");
}

function numbersOf(name: string, json: unknown, least?: number): number[] {
  return listOf(name, json).map((value, i) =>
    numberIn(`${name}[${i}]`, value, least)
  );
}

function numberIn(
  name: string,
  json: unknown,
  least: number = -Number.MAX_VALUE,
): number {
  const isNumber = typeof json === "number" && Number.isFinite(json);
  if (isNumber && json >= least) return json;
  const rule = least === Number.MIN_VALUE
    ? "a number above 0"
    : least === 0
    ? "a number, at least 0"
    : "a finite number";
  throw jsonError(name, json, rule);
}

function wholeIn(name: string, json: unknown): number {
  const value = numberIn(name, json, 0);
  if (Number.isSafeInteger(value)) return value;
  throw jsonError(name, json, "a whole number");
}

function jsonError(name: string, value: unknown, rule: string): FormatError {
  const text = typeof value === "object" && value !== null
    ? Array.isArray(value) ? "a list" : "an object"
    : String(value);
  return new FormatError(
    `Cannot read fit: ${name} is ${text}, expected ${rule}`,
  );
}
