import { checkCount, checkOptions, checkRange } from "../base/check.ts";
import type { Tensor } from "../tensor.ts";
import { NeuralDataset } from "./neural_dataset.ts";

/** Options of {@linkcode standardizeStims}. */
export interface StandardizeOptions {
  /**
   * Indices of the stimuli that mean and deviation are computed from, such as
   * those of training and validation.
   *
   * @default all stimuli
   */
  readonly stims?: readonly number[];
  /**
   * Whether each band has a mean and a deviation, or all values share one.
   *
   * @default {true}
   */
  readonly perBand?: boolean;
  /**
   * Least deviation, which values are divided by, above 0.
   *
   * @default {1e-8}
   */
  readonly eps?: number;
}

/** Result of {@linkcode standardizeStims}. */
export interface StandardizedStims {
  /** The dataset with standardized stimuli; nothing is selected. */
  readonly dataset: NeuralDataset;
  /** Mean of each band `[F]`, or the one mean `[1]`. */
  readonly mean: Float64Array;
  /** Standard deviation of each band `[F]`, or the one deviation `[1]`. */
  readonly std: Float64Array;
}

/** How {@linkcode normalizeResponses} maps the responses of a cell. */
export type ResponseNormalization = "max" | "zscore";

/** Options of {@linkcode normalizeResponses}. */
export interface NormalizeResponsesOptions {
  /**
   * `max` divides by the greatest magnitude; `zscore` subtracts the mean and
   * divides by the standard deviation.
   *
   * @default {"max"}
   */
  readonly method?: ResponseNormalization;
  /**
   * Indices of the stimuli that offset and scale are computed from.
   *
   * @default all stimuli
   */
  readonly stims?: readonly number[];
  /**
   * Least scale, which responses are divided by, above 0.
   *
   * @default {1e-8}
   */
  readonly eps?: number;
}

/** Result of {@linkcode normalizeResponses}. */
export interface NormalizedResponses {
  /** The dataset with normalized responses; nothing is selected. */
  readonly dataset: NeuralDataset;
  /** Subtracted from each cell's responses `[N]`: 0 for `max`. */
  readonly offset: Float64Array;
  /** Divides each cell's responses `[N]`. */
  readonly scale: Float64Array;
}

/**
 * Standardizes stimuli: `(x - mean) / std`, with statistics of some stimuli
 * applied to all of them.
 *
 * - In and out: stimuli `(1, F, T)` or waveforms `(1, T * samplesPerBin)`, float32.
 *   The result is a new dataset without a unit of stimuli; responses are shared.
 * - Reference: deepSTRF 0.1.0 `standardize_stims`, which changes the dataset in
 *   place; the deviation is that of a sample (n - 1).
 *
 * @example Statistics of the training stimuli alone
 * ```ts
 * import { type NeuralDataset, splitStimuli, standardizeStims } from "rxephys";
 *
 * function standardized(dataset: NeuralDataset, cell: number): NeuralDataset {
 *   const { train } = splitStimuli(dataset, cell);
 *   return standardizeStims(dataset, { stims: train }).dataset;
 * }
 * ```
 *
 * @throws {TypeError} If an option has another type.
 * @throws {RangeError} If an option does not exist or is outside its range, or no
 * stimulus is listed.
 */
export function standardizeStims(
  dataset: NeuralDataset,
  options: StandardizeOptions = {},
): StandardizedStims {
  const act = "standardize stimuli";
  checkOptions<StandardizeOptions>(act, options, ["stims", "perBand", "eps"]);
  const { stims, perBand = true, eps = 1e-8 } = options;
  checkRange(act, "eps", eps, Number.MIN_VALUE, Number.MAX_VALUE);
  const bands = perBand ? Math.max(1, dataset.F) : 1;
  const used = indicesOf(act, stims, dataset.S).map((s) =>
    (dataset.stims[s] as Tensor).data
  );
  const moments = Array.from(
    { length: bands },
    (_, band) => momentsOf(used.map((data) => bandOf(data, band, bands))),
  );
  const mean = Float64Array.from(moments, ({ mean }) => mean);
  const std = Float64Array.from(moments, ({ std }) => Math.max(std, eps));
  const scaled = dataset.stims.map(({ unit: _, ...stim }) => {
    const per = stim.data.length / bands;
    const data = stim.data.map((value, i) => {
      const band = Math.floor(i / per);
      return (value - (mean[band] as number)) / (std[band] as number);
    });
    return { ...stim, data };
  });
  return { dataset: remade(dataset, { stims: scaled }), mean, std };
}

/**
 * Normalizes the responses of each cell, with statistics of some stimuli applied
 * to all of them.
 *
 * - In and out: responses `(R, T)`, float32, in a new dataset that shares its
 *   stimuli; pairs that were never presented stay so. A cell with fewer than two
 *   values among the listed stimuli keeps its responses.
 * - Reference: deepSTRF 0.1.0 `normalize_responses`, which changes the dataset in
 *   place; the deviation is that of a sample (n - 1).
 *
 * @example Each cell's greatest response becomes 1
 * ```ts
 * import { type NeuralDataset, normalizeResponses } from "rxephys";
 *
 * function normalized(dataset: NeuralDataset): NeuralDataset {
 *   return normalizeResponses(dataset).dataset;
 * }
 * ```
 *
 * @throws {TypeError} If an option has another type, or `method` is neither.
 * @throws {RangeError} If an option does not exist or is outside its range, or no
 * stimulus is listed.
 */
export function normalizeResponses(
  dataset: NeuralDataset,
  options: NormalizeResponsesOptions = {},
): NormalizedResponses {
  const act = "normalize responses";
  const known = ["method", "stims", "eps"] as const;
  checkOptions<NormalizeResponsesOptions>(act, options, known);
  const { method = "max", stims, eps = 1e-8 } = options;
  checkRange(act, "eps", eps, Number.MIN_VALUE, Number.MAX_VALUE);
  if (method !== "max" && method !== "zscore") {
    throw new TypeError(
      `Cannot ${act}: method is ${String(method)}, expected max or zscore`,
    );
  }
  const used = indicesOf(act, stims, dataset.S);
  const offset = new Float64Array(dataset.N);
  const scale = new Float64Array(dataset.N).fill(1);
  for (let n = 0; n < dataset.N; n++) {
    const heard = used.filter((s) => dataset.nrnMasks[s]?.[n])
      .map((s) => (dataset.responses[s]?.[n] as Tensor).data);
    const { count, mean, std, greatest } = momentsOf(heard);
    if (count < 2) continue;
    if (method === "zscore") offset[n] = mean;
    scale[n] = Math.max(method === "zscore" ? std : greatest, eps);
  }
  const responses = dataset.responses.map((row) =>
    row.map((response, n) => ({
      ...response,
      data: response.data.map((value) =>
        (value - (offset[n] as number)) / (scale[n] as number)
      ),
    }))
  );
  return { dataset: remade(dataset, { responses }), offset, scale };
}

function indicesOf(
  act: string,
  stims: readonly number[] | undefined,
  count: number,
): readonly number[] {
  if (stims === undefined) return [...Array(count).keys()];
  if (!Array.isArray(stims)) {
    throw new TypeError(
      `Cannot ${act}: stims is ${String(stims)}, expected a list of indices`,
    );
  }
  checkCount(act, "number of stims", stims.length, 1);
  for (const s of stims) checkCount(act, "index in stims", s, 0, count - 1);
  return stims;
}

function bandOf(
  data: Float32Array,
  band: number,
  bands: number,
): Float32Array {
  const per = data.length / bands;
  return data.subarray(band * per, (band + 1) * per);
}

interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly std: number;
  readonly greatest: number;
}

/** Mean, deviation (n - 1) and greatest magnitude of the values that are no NaN. */
function momentsOf(arrays: readonly Float32Array[]): Moments {
  let count = 0;
  let sum = 0;
  let greatest = 0;
  for (const array of arrays) {
    for (const value of array) {
      if (Number.isNaN(value)) continue;
      count++;
      sum += value;
      greatest = Math.max(greatest, Math.abs(value));
    }
  }
  const mean = sum / count;
  let squares = 0;
  for (const array of arrays) {
    for (const value of array) {
      if (!Number.isNaN(value)) squares += (value - mean) ** 2;
    }
  }
  return { count, mean, std: Math.sqrt(squares / (count - 1)), greatest };
}

function remade(
  dataset: NeuralDataset,
  { stims = dataset.stims, responses = dataset.responses }: Partial<
    Pick<NeuralDataset, "stims" | "responses">
  >,
): NeuralDataset {
  const { stimMeta, nrnMeta, tally, nrnMasks } = dataset;
  const pairs = nrnMasks.flatMap((row, stim) =>
    row.flatMap((isHeard, cell) => {
      const response = responses[stim]?.[cell];
      return isHeard && response ? [{ stim, cell, response }] : [];
    })
  );
  return NeuralDataset.fromPairs({ stims, stimMeta, nrnMeta, pairs, tally });
}
