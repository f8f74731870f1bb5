/** Bins T of a tensor `(..., T)` or `(..., T * samplesPerBin)`. */
export function timeBins({ shape, samplesPerBin = 1 }: Tensor): number {
  return lastLength(shape) / samplesPerBin;
}

/**
 * The first bins of a tensor whose last axis is time.
 *
 * @param tensor Tensor `(..., T)`, or `(..., T * samplesPerBin)`.
 * @param bins Bins to keep at most.
 * @returns The first `min(T, bins)` bins; the same tensor if nothing is cut.
 */
export function cutTime(tensor: Tensor, bins: number): Tensor {
  const length = lastLength(tensor.shape);
  const kept = bins * (tensor.samplesPerBin ?? 1);
  if (kept >= length) return tensor;
  const rows = tensor.data.length / length;
  const data = new Float32Array(rows * kept);
  for (let row = 0; row < rows; row++) {
    const start = row * length;
    data.set(tensor.data.subarray(start, start + kept), row * kept);
  }
  return { ...tensor, data, shape: [...tensor.shape.slice(0, -1), kept] };
}

function lastLength(shape: readonly number[]): number {
  return shape.at(-1) ?? 0;
}

/**
 * Dense float32 array in C order (the last axis varies fastest).
 *
 * @example A spectrogram of one channel, two bands and three bins
 * ```ts
 * import type { Tensor } from "rxephys";
 *
 * const spectrogram: Tensor = {
 *   data: new Float32Array(6),
 *   shape: [1, 2, 3],
 *   dtMs: 5,
 * };
 * ```
 */
export interface Tensor {
  /** Values, `shape[0] * shape[1] * ...` of them. */
  readonly data: Float32Array;
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Unit of the values, if any: `dB` for a spectrogram. */
  readonly unit?: string;
  /** Width of a bin of the last axis in ms, if that axis is time. */
  readonly dtMs?: number;
  /**
   * Samples of the last axis in a bin of `dtMs`, if the tensor is a waveform: its
   * rate is `1000 * samplesPerBin / dtMs` Hz.
   */
  readonly samplesPerBin?: number;
  /**
   * Frequency of each band in Hz, `[F]`, lowest first, if the tensor is a
   * spectrogram `(1, F, T)` whose bands are known.
   */
  readonly bandsHz?: readonly number[];
  /**
   * Lowest and highest frequency of the bands in Hz, if the tensor is a
   * spectrogram of which no more than that is known.
   */
  readonly bandRangeHz?: readonly [lowest: number, highest: number];
}
