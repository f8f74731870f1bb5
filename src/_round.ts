/**
 * Rounds to the nearest whole number, halves to the even one, as Python's
 * `round` does: every sample count of the pipeline is defined that way.
 *
 * @param value A finite number.
 * @returns The whole number.
 */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
