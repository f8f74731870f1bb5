import type { NeuralDataset, Tensor } from "rxephys";

/** Means and deviations that bring stimuli and responses to order one. */
export interface EncoderScale {
  /** Mean of each band `[F]` in dB. */
  readonly stimMeans: readonly number[];
  /** Standard deviation of each band `[F]` in dB. */
  readonly stimDeviations: readonly number[];
  /** Mean of the response, in its unit. */
  readonly responseMean: number;
  /** Standard deviation of the response, in its unit. */
  readonly responseDeviation: number;
}

/** Computes the scale of some stimuli and of one cell's responses to them. */
export function encoderScale(
  dataset: NeuralDataset,
  cell: number,
  stims: readonly number[],
): EncoderScale {
  const bands = Array.from(
    { length: dataset.F },
    (_, f) =>
      moments(stims.map((s) => {
        const { data, shape: [, , bins = 0] } = dataset.stims[s] as Tensor;
        return data.subarray(f * bins, (f + 1) * bins);
      })),
  );
  const response = moments(stims.map((s) => {
    const { data } = dataset.responses[s]?.[cell] as Tensor;
    return data;
  }));
  return {
    stimMeans: bands.map(({ mean }) => mean),
    stimDeviations: bands.map(({ deviation }) => deviation),
    responseMean: response.mean,
    responseDeviation: response.deviation,
  };
}

function moments(
  parts: readonly Float32Array[],
): { mean: number; deviation: number } {
  let count = 0;
  let sum = 0;
  for (const part of parts) {
    count += part.length;
    for (const value of part) sum += value;
  }
  const mean = sum / count;
  let square = 0;
  for (const part of parts) {
    for (const value of part) square += (value - mean) ** 2;
  }
  // A constant band becomes 0.
  return { mean, deviation: Math.sqrt(square / count) || 1 };
}
