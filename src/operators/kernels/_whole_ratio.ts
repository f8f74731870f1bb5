/**
 * A number as a fraction of whole numbers, by its continued fraction.
 *
 * @param value Above 0.
 * @param most Greatest denominator.
 * @returns The first convergent that is `value` to two roundings of a double, or
 * undefined where its denominator would be greater.
 */
export function wholeRatio(
  value: number,
  most: number,
): { readonly numerator: number; readonly denominator: number } | undefined {
  let [numerator, denominator] = [Math.floor(value), 1];
  let [numeratorBefore, denominatorBefore] = [1, 0];
  let rest = value - numerator;
  while (denominator <= most) {
    const error = Math.abs(numerator / denominator - value);
    if (error <= 2 * Number.EPSILON * value) return { numerator, denominator };
    const whole = Math.floor(1 / rest);
    rest = 1 / rest - whole;
    [numerator, numeratorBefore] = [
      whole * numerator + numeratorBefore,
      numerator,
    ];
    [denominator, denominatorBefore] = [
      whole * denominator + denominatorBefore,
      denominator,
    ];
  }
}
