import {
  scalesInSimd,
  type Scaling,
  simdExtended,
  simdLogScaled,
  simdScaled,
  type ValueRange,
} from "./_ranges_simd.ts";

export type { ValueRange } from "./_ranges_simd.ts";

/** The range of no value: any value extends it. */
export const NO_RANGE: ValueRange = [Infinity, -Infinity];

/** Scaled values below this become 0. */
const QUIET = 1e-6;

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
  if (values instanceof Float32Array && scale === 1) {
    const extended = simdExtended(range, values);
    if (extended) return extended;
  }
  let [min, max] = range;
  for (let i = 0; i < values.length; i++) {
    const value = Math.fround((values[i] as number) * scale);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}

/**
 * Maps a range to 0 to 1, in float32 as NumPy does:
 * `f32(f32(x - min) / f32(max - min))`.
 *
 * @param values Values `[n]`.
 * @param scale Factor of every value, applied first.
 * @param range Values that become 0 and 1; values outside the range fall outside 0
 * to 1. A range of no width changes nothing.
 * @param least Results below it become 0.
 * @param out Filled with the results; may be `values`.
 * @returns `out`, `[n]`.
 */
export function rangeScaled(
  values: ArrayLike<number>,
  scale: number,
  range: ValueRange,
  least: number = -Infinity,
  out: Float32Array = new Float32Array(values.length),
): Float32Array {
  const scaling = scalingOf(range, least);
  if (
    values instanceof Float32Array && scale === 1 && scalesInSimd(scaling) &&
    simdScaled(values, scaling, out)
  ) return out;
  for (let i = 0; i < out.length; i++) {
    const value = Math.fround((values[i] as number) * scale);
    out[i] = scaledValue(value, scaling);
  }
  return out;
}

/** Offset of the published logarithm, `log(10 x + 1)`, which the module computes. */
const PUBLISHED_SHIFT = 0.1;

/**
 * Logarithm that compresses gammatone magnitudes: `log((x + d) / d)`, float32;
 * for a `d` other than 0.1 each step in float32, as in the public loader, whose
 * rounding shows where `d` is large.
 *
 * @param shift d; undefined for no logarithm.
 */
export function logCompressed(
  value: number,
  shift: number | undefined,
): number {
  if (shift === undefined) return Math.fround(value);
  if (shift === PUBLISHED_SHIFT) return Math.fround(Math.log(10 * value + 1));
  const d = Math.fround(shift);
  return Math.fround(Math.log(Math.fround(Math.fround(value + d) / d)));
}

/**
 * Compresses a spectrogram and maps each band's range to 0 to 1.
 *
 * - `y = log((x + d) / d)`, then `(y - min) / (max - min)` per band, and values
 *   below 1e-6 become 0. A band with a single value becomes 0.
 *
 * @param values Values `[F * T]`, band after band.
 * @param ranges Range of each of the F bands, once compressed.
 * @param shift d; undefined for no logarithm.
 * @param odd Called with each value that has no logarithm: it is not above `-d`.
 * @param out Filled with the results; may be `values`.
 * @returns `out`, `[F * T]`.
 */
export function logBandsScaled(
  values: Float32Array,
  ranges: readonly ValueRange[],
  shift: number | undefined,
  odd: (value: number) => void,
  out: Float32Array = new Float32Array(values.length),
): Float32Array {
  const bins = values.length / ranges.length;
  const scalings = ranges.map(([min, max]) =>
    scalingOf([min, max > min ? max : min + 1], QUIET)
  );
  const scale = (value: number, at: number, scaling: Scaling): void => {
    if (shift !== undefined && !(value > -Math.fround(shift))) odd(value);
    out[at] = scaledValue(logCompressed(value, shift), scaling);
  };
  const isDone = shift === PUBLISHED_SHIFT && scalings.every(scalesInSimd) &&
    simdLogScaled(values, scalings, out, scale);
  if (isDone) return out;
  for (const [band, scaling] of scalings.entries()) {
    for (let at = band * bins; at < (band + 1) * bins; at++) {
      scale(values[at] as number, at, scaling);
    }
  }
  return out;
}

function scalingOf([min, max]: ValueRange, least: number): Scaling {
  return { min, width: Math.fround(max - min), least };
}

function scaledValue(
  value: number,
  { min, width, least }: Scaling,
): number {
  const scaled = width > 0
    ? Math.fround(Math.fround(value - min) / width)
    : value;
  return scaled < least ? 0 : scaled;
}
