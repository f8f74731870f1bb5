/**
 * Refuses an option that is no number inside its range.
 *
 * @param act What the caller wanted, as it completes "Cannot ...".
 * @param name The option's name.
 * @param value The option's value.
 * @param min Least value allowed.
 * @param max Greatest value allowed.
 * @throws {TypeError} If the value is no number.
 * @throws {RangeError} If the value is NaN or outside `min` to `max`.
 */
export function checkRange(
  act: string,
  name: string,
  value: number,
  min: number,
  max: number,
): void {
  if (typeof value !== "number") {
    throw new TypeError(
      `Cannot ${act}: ${name} is ${String(value)}, expected a number`,
    );
  }
  if (!(value >= min && value <= max)) {
    throw new RangeError(
      `Cannot ${act}: ${name} is ${value}, expected ${rangeText(min, max)}`,
    );
  }
}

/**
 * Refuses a count that is no whole number inside its range.
 *
 * @throws {TypeError} If the value is no number.
 * @throws {RangeError} If the value is not whole or outside `min` to `max`.
 */
export function checkCount(
  act: string,
  name: string,
  value: number,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): void {
  checkRange(act, name, value, min, max);
  if (!Number.isInteger(value)) {
    throw new RangeError(
      `Cannot ${act}: ${name} is ${value}, expected a whole number`,
    );
  }
}

function rangeText(min: number, max: number): string {
  if (min !== Number.MIN_VALUE) return `${min} to ${max}`;
  return max >= Number.MAX_VALUE
    ? "a number above 0"
    : `a number above 0, at most ${max}`;
}
