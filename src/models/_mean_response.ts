import type { NeuralDataset } from "../dataset/neural_dataset.ts";
import type { Tensor } from "../tensor.ts";

/** Mean of a cell's valid repeats of one stimulus. */
export interface MeanResponse {
  /** Mean `[T]`, NaN in bins without a valid repeat. */
  readonly mean: Float64Array;
  /** Number of valid repeats `[T]`. */
  readonly repeats: Float64Array;
}

/**
 * Mean over the valid repeats of a response `(R, T)`, up to the last bin that has
 * one. NaN marks a bin that is not valid.
 */
export function meanResponse({ data, shape }: Tensor): MeanResponse {
  const [rows = 0, bins = 0] = shape;
  const mean = new Float64Array(bins);
  const repeats = new Float64Array(bins);
  for (let r = 0; r < rows; r++) {
    for (let t = 0; t < bins; t++) {
      const value = data[r * bins + t] as number;
      if (Number.isNaN(value)) continue;
      (mean[t] as number) += value;
      (repeats[t] as number)++;
    }
  }
  for (let t = 0; t < bins; t++) (mean[t] as number) /= repeats[t] as number;
  const length = repeats.findLastIndex((count) => count > 0) + 1;
  return {
    mean: mean.subarray(0, length),
    repeats: repeats.subarray(0, length),
  };
}

/** Mean responses of a cell to those of some stimuli that it heard. */
export function meanResponses(
  { nrnMasks, responses }: NeuralDataset,
  cell: number,
  stims: readonly number[],
): Map<number, MeanResponse> {
  return new Map(
    stims.filter((s) => nrnMasks[s]?.[cell]).map((s) => [
      s,
      meanResponse(responses[s]?.[cell] as Tensor),
    ]),
  );
}
