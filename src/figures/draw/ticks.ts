/** Multiples of 1, 2 or 5 times a power of ten between two values. */
export function roundTicks(
  low: number,
  high: number,
  most: number,
): number[] {
  if (!(high > low)) return [low];
  const least = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power *
    ([1, 2, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10);
  const [first, last] = [Math.ceil(low / step), Math.floor(high / step)];
  return Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, i) => (first + i) * step,
  );
}

/** Number as an axis shows it, with a sign that is as wide as a plus. */
export function tickText(value: number): string {
  return String(Number(value.toPrecision(6))).replace("-", "\u2212");
}

/** Least and greatest value that is a number; 0 and 1 if there is none. */
export function rangeOf(
  lists: Iterable<Iterable<number>>,
): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const values of lists) {
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : [0, 1];
}

/** A range with some room on both sides; one value becomes a range about it. */
export function widened(
  [low, high]: readonly [number, number],
  share: number = 0.05,
): [low: number, high: number] {
  const room = high > low ? share * (high - low) : Math.abs(low) * share || 1;
  return [low - room, high + room];
}
