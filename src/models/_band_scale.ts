import type { NeuralDataset } from "../dataset/neural_dataset.ts";
import type { Tensor } from "../tensor.ts";

/** Mean and deviation of each band of some stimuli. */
export interface BandScale {
  /** Mean of each band `[F]`, dB. */
  readonly means: readonly number[];
  /** Standard deviation of each band `[F]`, dB; 1 for a constant band. */
  readonly deviations: readonly number[];
}

/**
 * Scale of the first bins of some stimuli.
 *
 * @param bins Number of bins of each stimulus that count, by its index.
 */
export function bandScale(
  { stims, F }: NeuralDataset,
  bins: ReadonlyMap<number, number>,
): BandScale {
  const means: number[] = [];
  const deviations: number[] = [];
  for (let band = 0; band < F; band++) {
    const parts = [...bins].map(([s, count]) =>
      bandOf(stims[s] as Tensor, band).subarray(0, count)
    );
    const { mean, deviation } = moments(parts);
    means.push(mean);
    deviations.push(deviation);
  }
  return { means, deviations };
}

/** The first bins of a stimulus `(1, F, T)` in standard deviations: F of `[T]`. */
export function scaledBands(
  stim: Tensor,
  { means, deviations }: BandScale,
  bins: number,
): Float64Array[] {
  return means.map((mean, band) => {
    const deviation = deviations[band] as number;
    return Float64Array.from(
      bandOf(stim, band).subarray(0, bins),
      (level) => (level - mean) / deviation,
    );
  });
}

function bandOf({ data, shape }: Tensor, band: number): Float32Array {
  const bins = shape.at(-1) ?? 0;
  return data.subarray(band * bins, (band + 1) * bins);
}

function moments(
  parts: readonly Float32Array[],
): { mean: number; deviation: number } {
  // Relative to a level of the band, so that a constant band has deviation 0.
  const base = parts[0]?.[0] ?? 0;
  let [count, sum, square] = [0, 0, 0];
  for (const part of parts) {
    count += part.length;
    for (const level of part) {
      sum += level - base;
      square += (level - base) ** 2;
    }
  }
  const mean = sum / count;
  const variance = Math.max(0, square / count - mean ** 2);
  return { mean: base + mean, deviation: Math.sqrt(variance) || 1 };
}
