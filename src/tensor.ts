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
  /** Unit of the values, where they have one: `dB` for a spectrogram. */
  readonly unit?: string;
  /** Width of a bin of the last axis in ms, where that axis is time. */
  readonly dtMs?: number;
  /**
   * Samples of the last axis in a bin of `dtMs`, where the tensor is a waveform:
   * its rate is `1000 * samplesPerBin / dtMs` Hz.
   */
  readonly samplesPerBin?: number;
}
