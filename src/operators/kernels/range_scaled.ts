import type { ValueRange } from "./value_range.ts";

/**
 * Maps a range to 0 to 1, in float32 as NumPy does:
 * `f32(f32(x - min) / f32(max - min))`.
 *
 * @param values Values `[n]`.
 * @param scale Factor of every value, applied first.
 * @param range What becomes 0 and 1; values outside it fall outside those. A
 * range of no width changes nothing.
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
    const value = Math.fround(values[i] * scale);
    const scaled = width > 0
      ? Math.fround(Math.fround(value - min) / width)
      : value;
    out[i] = scaled < least ? 0 : scaled;
  }
  return out;
}
