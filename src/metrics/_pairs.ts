import type { Tensor } from "../tensor.ts";
import { repeatCovariance } from "./_repeat_covariance.ts";

/**
 * Yields the repeats `[T]` of one cell for each stimulus, NaN for missing
 * responses: views without a mask, else copies.
 *
 * @param responses `(B, N, R, T)`.
 * @param validMask 1 where a response counts, else 0.
 * @param cell Index of the cell.
 */
export function* cellRepeats(
  { data, shape: [stimuli = 0, cells = 0, repeats = 0, bins = 0] }: Tensor,
  validMask: Tensor | undefined,
  cell: number,
): Generator<Float32Array[]> {
  for (let b = 0; b < stimuli; b++) {
    const first = (b * cells + cell) * repeats;
    yield Array.from({ length: repeats }, (_, r) => {
      const from = (first + r) * bins;
      const repeat = data.subarray(from, from + bins);
      return validMask === undefined
        ? repeat
        : repeat.map((value, t) => validMask.data[from + t] ? value : NaN);
    });
  }
}

/** Sums over bins of products about the means. */
export interface ProductSums {
  /** Of predictions with themselves, exactly 0 if they are constant. */
  readonly predicted: number;
  /** Of mean responses with themselves, likewise. */
  readonly observed: number;
  /** Of predictions with mean responses. */
  readonly both: number;
}

/** Sums that correlation and explained variance are computed from. */
export function productSums(
  { predicted, observed }: PooledPairs,
): ProductSums {
  const [own = NaN, both = NaN, _, other = NaN] = repeatCovariance([
    predicted,
    observed,
  ]);
  return { predicted: own, observed: other, both };
}

/** Pearson r; NaN if predictions or mean responses are constant. */
export function pearson(pairs: PooledPairs): number {
  const { predicted, observed, both } = productSums(pairs);
  // Constant values have products of exactly 0, and 0 / 0 is NaN.
  return both / Math.sqrt(predicted * observed);
}

/** Sum over bins of the squared error of the predictions. */
export function squaredError({ predicted, observed }: PooledPairs): number {
  let sum = 0;
  for (let i = 0; i < predicted.length; i++) {
    sum += ((predicted[i] as number) - (observed[i] as number)) ** 2;
  }
  return sum;
}

/** Predictions and mean responses of a cell in the bins that have both. */
export interface PooledPairs {
  /** Predictions, in the order of stimuli and bins. */
  readonly predicted: Float64Array;
  /** Means over the repeats that have the bin, in the same order. */
  readonly observed: Float64Array;
}

/** Predictions and mean responses of a cell to one stimulus. */
export interface StimulusPairs extends PooledPairs {
  /** Bins of the stimulus that have both, ascending. */
  readonly bins: Uint32Array;
}

/**
 * Pairs the predictions of one cell with its mean responses, stimulus by
 * stimulus, in the bins that at least one repeat has.
 *
 * @param predictions `(B, N, T)`.
 * @param responses `(B, N, R, T)`.
 * @param validMask 1 where a response counts, else 0.
 * @param cell Index of the cell.
 */
export function* stimulusPairs(
  predictions: Tensor,
  responses: Tensor,
  validMask: Tensor | undefined,
  cell: number,
): Generator<StimulusPairs> {
  const [, cells = 0, length = 0] = predictions.shape;
  let from = cell * length;
  for (const repeats of cellRepeats(responses, validMask, cell)) {
    const bins = new Uint32Array(length);
    const predicted = new Float64Array(length);
    const observed = new Float64Array(length);
    let count = 0;
    for (let t = 0; t < length; t++) {
      const mean = presentMean(repeats, t);
      if (Number.isNaN(mean)) continue;
      bins[count] = t;
      predicted[count] = predictions.data[from + t] as number;
      observed[count] = mean;
      count++;
    }
    from += cells * length;
    yield {
      bins: bins.subarray(0, count),
      predicted: predicted.subarray(0, count),
      observed: observed.subarray(0, count),
    };
  }
}

/** The pairs of all stimuli, as {@linkcode stimulusPairs} yields them. */
export function pooledPairs(
  predictions: Tensor,
  responses: Tensor,
  validMask: Tensor | undefined,
  cell: number,
): PooledPairs {
  const [stimuli = 0, , bins = 0] = predictions.shape;
  const predicted = new Float64Array(stimuli * bins);
  const observed = new Float64Array(stimuli * bins);
  let count = 0;
  for (const own of stimulusPairs(predictions, responses, validMask, cell)) {
    predicted.set(own.predicted, count);
    observed.set(own.observed, count);
    count += own.bins.length;
  }
  return {
    predicted: predicted.subarray(0, count),
    observed: observed.subarray(0, count),
  };
}

/** Mean of the repeats that have a bin; NaN if none has. */
function presentMean(repeats: readonly Float32Array[], t: number): number {
  let sum = 0;
  let count = 0;
  for (const repeat of repeats) {
    const value = repeat[t] as number;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}
