import { nearestName } from "./nearest.ts";

/**
 * Refuses an option that is no number inside its range.
 *
 * @param act Completes "Cannot ...".
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
      `Cannot ${act}: ${name} is ${shown(value)}, expected a number`,
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

/**
 * Refuses an option that does not exist, and names the nearest that does.
 *
 * @example Options of an operator
 * ```ts ignore
 * checkOptions<BinOptions>("bin", options, ["dtMs"]);
 * ```
 *
 * @param act Completes "Cannot ...".
 * @param options Options as the caller gave them; undefined stands for none.
 * @param known Every option that exists.
 * @throws {TypeError} If the options are no object.
 * @throws {RangeError} If one has a name that no option has.
 */
export function checkOptions<Options extends object>(
  act: string,
  options: Options | undefined,
  known: readonly (keyof Options & string)[],
): void {
  if (options === undefined) return;
  if (
    typeof options !== "object" || options === null || Array.isArray(options)
  ) {
    throw new TypeError(
      `Cannot ${act}: options is ${String(options)}, expected an object`,
    );
  }
  for (const name of Object.keys(options)) {
    if (known.some((option) => option === name)) continue;
    const nearest = nearestName(name, known) ?? (known.join(", ") || "none");
    throw new RangeError(
      `Cannot ${act}: there is no option ${name}, expected ${nearest}`,
    );
  }
}

/** A value of any type as an error shows it: text in quotes. */
function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function rangeText(min: number, max: number): string {
  if (max >= Number.MAX_VALUE) {
    if (min === Number.MIN_VALUE) return "a number above 0";
    return min <= -Number.MAX_VALUE ? "a finite number" : `at least ${min}`;
  }
  if (min === Number.MIN_VALUE) return `a number above 0, at most ${max}`;
  return min <= -Number.MAX_VALUE ? `at most ${max}` : `${min} to ${max}`;
}
