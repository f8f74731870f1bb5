import type { Tensor } from "../tensor.ts";
import { repeatCovariance } from "./_repeat_covariance.ts";

/**
 * Repeats `[T]` of one cell, stimulus by stimulus, NaN where there is no
 * response: views without a mask, else copies.
 *
 * @param responses `(B, N, R, T)`.
 * @param validMask 1 where a response counts, else 0.
 * @param cell Which of the N.
 */
export function* cellRepeats(
  { data, shape: [stimuli, cells, repeats, bins] }: Tensor,
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
  /** Of predictions with themselves, 0 exactly where they are constant. */
  readonly predicted: number;
  /** Of mean responses with themselves, likewise. */
  readonly observed: number;
  /** Of predictions with mean responses. */
  readonly both: number;
}

/** What correlation and explained variance need to know of the pairs. */
export function productSums(
  { predicted, observed }: PooledPairs,
): ProductSums {
  const [own, both, _, other] = repeatCovariance([predicted, observed]);
  return { predicted: own, observed: other, both };
}

/** Pearson r, NaN where predictions or mean responses are constant. */
export function pearson(pairs: PooledPairs): number {
  const { predicted, observed, both } = productSums(pairs);
  // What is constant has products of exactly 0, and 0 / 0 is NaN.
  return both / Math.sqrt(predicted * observed);
}

/** Sum over bins of squared differences of prediction and mean response. */
export function squaredError({ predicted, observed }: PooledPairs): number {
  let sum = 0;
  for (let i = 0; i < predicted.length; i++) {
    sum += (predicted[i] - observed[i]) ** 2;
  }
  return sum;
}

/** A cell's predictions and mean responses, one each per bin that has both. */
export interface PooledPairs {
  /** Predictions, in the order of stimuli and bins. */
  readonly predicted: Float64Array;
  /** Means over the repeats that are there, in the same order. */
  readonly observed: Float64Array;
}

/**
 * Predictions of one cell beside the mean of its repeats, in each bin of each
 * stimulus where at least one repeat is there.
 *
 * @param predictions `(B, N, T)`.
 * @param responses `(B, N, R, T)`.
 * @param validMask 1 where a response counts, else 0.
 * @param cell Which of the N.
 */
export function pooledPairs(
  predictions: Tensor,
  responses: Tensor,
  validMask: Tensor | undefined,
  cell: number,
): PooledPairs {
  const [stimuli, cells, bins] = predictions.shape;
  const predicted = new Float64Array(stimuli * bins);
  const observed = new Float64Array(stimuli * bins);
  let count = 0;
  let from = cell * bins;
  for (const repeats of cellRepeats(responses, validMask, cell)) {
    for (let t = 0; t < bins; t++) {
      const mean = meanThere(repeats, t);
      if (Number.isNaN(mean)) continue;
      predicted[count] = predictions.data[from + t];
      observed[count] = mean;
      count++;
    }
    from += cells * bins;
  }
  return {
    predicted: predicted.subarray(0, count),
    observed: observed.subarray(0, count),
  };
}

/** Mean of the repeats that are there in a bin, NaN where none is. */
function meanThere(repeats: readonly Float32Array[], t: number): number {
  let sum = 0;
  let count = 0;
  for (let r = 0; r < repeats.length; r++) {
    const value = repeats[r][t];
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}
