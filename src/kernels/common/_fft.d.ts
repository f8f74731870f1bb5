/** Transforms of one size, a power of two: complex values interleaved. */
export default class FFT {
  constructor(size: number);
  readonly size: number;
  /** Writes the transform of `data` `[2 * size]` to `out` `[2 * size]`. */
  transform(out: Float64Array, data: Float64Array): void;
}
