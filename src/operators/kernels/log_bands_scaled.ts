import { rangeScaled } from "./range_scaled.ts";
import type { ValueRange } from "./value_range.ts";

/** Scaled values below this become 0. */
const QUIET = 1e-6;

/** Logarithm that tames the gammatone magnitudes: `log(10 x + 1)`, float32. */
export function logCompressed(value: number): number {
  return Math.fround(Math.log(10 * value + 1));
}

/**
 * Compresses a spectrogram and maps each band's range to 0 to 1.
 *
 * - `y = log(10 x + 1)`, then `(y - min) / (max - min)` per band, and values
 *   below 1e-6 become 0. A band of one value only becomes 0.
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
