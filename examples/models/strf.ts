import type { Batch, NeuralDataset, SplitStimuli, Tensor } from "rxephys";
import { answerOf, type LinearField, NormalEquations } from "./ridge.ts";

/** A receptive field and the scale of its training stimuli. */
export interface StrfFit {
  /** The field, in the response's unit per standard deviation of a band. */
  readonly field: LinearField;
  /** Penalty with the least error on the validation stimuli. */
  readonly ridge: number;
  /** Mean of each band `[F]` over the training stimuli, dB. */
  readonly means: Float64Array;
  /** Standard deviation of each band `[F]` there, dB; 1 for a constant band. */
  readonly deviations: Float64Array;
}

/** Options for {@linkcode fitStrf}. */
export interface StrfOptions {
  /** Bins of history, L. */
  readonly lags: number;
  /** Penalties to choose from. */
  readonly ridges: readonly number[];
}

/** A stimulus and a cell's response, cut to the recorded bins. */
interface Answer {
  /** `(F, T)`. */
  readonly stim: Float64Array;
  /** Mean over the valid repeats `[T]`, NaN in bins without any. */
  readonly mean: Float64Array;
  /** Number of valid repeats `[T]`. */
  readonly repeats: Float64Array;
}

const BATCH_SIZE = 8;

/**
 * Fits a ridge STRF to the mean response of one cell. Each bin is weighted by its
 * number of valid repeats, and the validation stimuli choose the penalty.
 *
 * - One batch at a time is in memory, besides the normal equations.
 * - Clears the selections of the dataset.
 *
 * @throws {RangeError} If the cell heard none of the training stimuli.
 */
export async function fitStrf(
  dataset: NeuralDataset,
  cell: number,
  { train, val }: SplitStimuli,
  { lags, ridges }: StrfOptions,
): Promise<StrfFit> {
  const scale = await bandScale(answers(dataset, cell, train), dataset.F);
  const equations = new NormalEquations(dataset.F, lags);
  for await (const { stim, mean, repeats } of answers(dataset, cell, train)) {
    equations.add(scaled(stim, scale), mean, repeats);
  }
  const fits: [error: number, fit: StrfFit][] = [];
  for (const ridge of ridges) {
    const fit = { ...scale, ridge, field: equations.solve(ridge) };
    fits.push([await squaredError(fit, answers(dataset, cell, val)), fit]);
  }
  return fits.reduce((best, next) => next[0] < best[0] ? next : best)[1];
}

/** Batches of one cell and some stimuli; clears the selections. */
export function batchesOf(
  dataset: NeuralDataset,
  cell: number,
  stims: readonly number[],
  size: number,
): AsyncIterable<Batch> {
  dataset.selectNeurons(cell);
  dataset.selectStims(stims);
  const batches = dataset.batches({ size });
  dataset.resetSelection();
  return batches;
}

/** Predicts the responses to a batch: `(B, 1, T)`, with the T of its responses. */
export function predictions(
  fit: StrfFit,
  { stims, responses }: Batch,
): Tensor {
  const [count = 0] = stims.shape;
  const [, , , bins = 0] = responses.shape;
  const data = new Float32Array(count * bins);
  for (let b = 0; b < count; b++) {
    const stim = cutStim(stims, b, bins);
    data.set(answerOf(fit.field, scaled(stim, fit)), b * bins);
  }
  const { dtMs } = stims;
  return { data, shape: [count, 1, bins], ...(dtMs && { dtMs }) };
}

async function* answers(
  dataset: NeuralDataset,
  cell: number,
  stims: readonly number[],
): AsyncGenerator<Answer> {
  for await (const batch of batchesOf(dataset, cell, stims, BATCH_SIZE)) {
    for (let b = 0; b < batch.indices.length; b++) yield answerIn(batch, b);
  }
}

function answerIn({ stims, responses }: Batch, b: number): Answer {
  const [, , rows = 0, bins = 0] = responses.shape;
  const sums = new Float64Array(bins);
  const repeats = new Float64Array(bins);
  for (let r = 0; r < rows; r++) {
    for (let t = 0; t < bins; t++) {
      const value = responses.data[(b * rows + r) * bins + t] as number;
      if (Number.isNaN(value)) continue;
      (sums[t] as number) += value;
      (repeats[t] as number)++;
    }
  }
  const length = repeats.findLastIndex((count) => count > 0) + 1;
  const mean = sums.map((sum, t) => sum / (repeats[t] as number));
  return {
    stim: cutStim(stims, b, length),
    mean: mean.subarray(0, length),
    repeats: repeats.subarray(0, length),
  };
}

/** The first bins of a stimulus of a batch: `(F, T)`. */
function cutStim(
  { data, shape: [, , bands = 0, stimBins = 0] }: Tensor,
  b: number,
  bins: number,
): Float64Array {
  const stim = new Float64Array(bands * bins);
  for (let f = 0; f < bands; f++) {
    const from = (b * bands + f) * stimBins;
    stim.set(data.subarray(from, from + bins), f * bins);
  }
  return stim;
}

type BandScale = Pick<StrfFit, "means" | "deviations">;

async function bandScale(
  answers: AsyncIterable<Answer>,
  bands: number,
): Promise<BandScale> {
  const [sums, squares] = [new Float64Array(bands), new Float64Array(bands)];
  // Relative to a level of the band, so that a constant band has deviation 0.
  let base: Float64Array | undefined;
  let bins = 0;
  for await (const { stim, mean: { length } } of answers) {
    bins += length;
    base ??= sums.map((_, f) => (stim[f * length] as number));
    for (let i = 0; i < stim.length; i++) {
      const f = Math.floor(i / length);
      (sums[f] as number) += (stim[i] as number) - (base[f] as number);
      (squares[f] as number) += ((stim[i] as number) - (base[f] as number)) **
        2;
    }
  }
  const means = sums.map((sum, f) => (base?.[f] ?? NaN) + sum / bins);
  const deviations = squares.map((square, f) =>
    Math.sqrt(Math.max(0, square / bins - ((sums[f] as number) / bins) ** 2)) ||
    1
  );
  return { means, deviations };
}

function scaled(
  stim: Float64Array,
  { means, deviations }: BandScale,
): Float64Array {
  const bins = stim.length / means.length;
  return stim.map((level, i) => {
    const f = Math.floor(i / bins);
    return (level - (means[f] as number)) / (deviations[f] as number);
  });
}

async function squaredError(
  { field, ...scale }: StrfFit,
  answers: AsyncIterable<Answer>,
): Promise<number> {
  let error = 0;
  for await (const { stim, mean, repeats } of answers) {
    const answer = answerOf(field, scaled(stim, scale));
    answer.forEach((value, t) => {
      if ((repeats[t] as number) > 0) {
        error += (repeats[t] as number) * ((mean[t] as number) - value) ** 2;
      }
    });
  }
  return error;
}
