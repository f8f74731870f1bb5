/**
 * Maps a range to 0 to 1, in float32 as NumPy does:
 * `f32(f32(x - min) / f32(max - min))`.
 *
 * @param values Values `[n]`.
 * @param scale Factor of every value, applied first.
 * @param range Values that become 0 and 1; values outside the range fall outside 0
 * to 1. A range of no width changes nothing.
 * @param least Results below it become 0.
 * @returns New array `[n]`.
 */
export function rangeScaled(
  values: ArrayLike<number>,
  scale: number,
  [min, max]: ValueRange,
  least: number = -Infinity,
): Float32Array {
  const out = new Float32Array(values.length);
  const width = Math.fround(max - min);
  for (let i = 0; i < out.length; i++) {
    const value = Math.fround((values[i] as number) * scale);
    const scaled = width > 0
      ? Math.fround(Math.fround(value - min) / width)
      : value;
    out[i] = scaled < least ? 0 : scaled;
  }
  return out;
}

/** Scaled values below this become 0. */
const QUIET = 1e-6;

/** Logarithm that compresses gammatone magnitudes: `log(10 x + 1)`, float32. */
export function logCompressed(value: number): number {
  return Math.fround(Math.log(10 * value + 1));
}

/**
 * Compresses a spectrogram and maps each band's range to 0 to 1.
 *
 * - `y = log(10 x + 1)`, then `(y - min) / (max - min)` per band, and values
 *   below 1e-6 become 0. A band with a single value becomes 0.
 *
 * @param values Values `[F * T]` above -0.1, band after band.
 * @param ranges Range of each of the F bands, once compressed.
 * @returns New array `[F * T]`.
 */
export function logBandsScaled(
  values: Float32Array,
  ranges: readonly ValueRange[],
): Float32Array {
  const out = new Float32Array(values.length);
  const bins = values.length / ranges.length;
  for (const [band, [min, max]] of ranges.entries()) {
    const own = values.subarray(band * bins, (band + 1) * bins);
    const compressed = own.map(logCompressed);
    const range: ValueRange = [min, max > min ? max : min + 1];
    out.set(rangeScaled(compressed, 1, range, QUIET), band * bins);
  }
  return out;
}

/** Least and greatest of some values. */
export type ValueRange = readonly [min: number, max: number];

/** The range of no value: any value extends it. */
export const NO_RANGE: ValueRange = [Infinity, -Infinity];

/**
 * A range extended to hold some values too.
 *
 * @param range The range so far.
 * @param values Values `[n]`, finite.
 * @param scale Factor of every value.
 * @returns The range of both, in float32.
 */
export function extendedRange(
  range: ValueRange,
  values: ArrayLike<number>,
  scale: number = 1,
): ValueRange {
  let [min, max] = range;
  for (let i = 0; i < values.length; i++) {
    const value = Math.fround((values[i] as number) * scale);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}
