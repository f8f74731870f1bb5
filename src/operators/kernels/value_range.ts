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
    const value = Math.fround(values[i] * scale);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}
