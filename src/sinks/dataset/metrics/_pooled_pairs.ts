import type { Tensor } from "../../../tensor.ts";
import { cellRepeats } from "./_cell_repeats.ts";

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
