/** Middle and ends of some numbers. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Middle of some numbers; of an even count, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)] ?? NaN;
  return Number.isInteger(half)
    ? (upper + (sorted[half - 1] ?? NaN)) / 2
    : upper;
}

/** Median and range of some numbers. */
export function spreadOf(values: readonly number[]): Spread {
  return {
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

/**
 * Median and range of the ratios of runs that were made in pairs: a change of the
 * machine's speed between two pairs cancels.
 *
 * @throws {RangeError} If the counts differ.
 */
export function pairedRatio(
  over: readonly number[],
  under: readonly number[],
): Spread {
  if (over.length !== under.length) {
    throw new RangeError(
      `Cannot pair runs: counts are ${over.length} and ${under.length}, ` +
        "expected the same",
    );
  }
  return spreadOf(over.map((value, i) => value / (under[i] as number)));
}

/** `1.02 (0.95 - 1.10)`. */
export function spreadText({ median, min, max }: Spread, digits = 2): string {
  const text = (value: number): string => value.toFixed(digits);
  return `${text(median)} (${text(min)} - ${text(max)})`;
}
