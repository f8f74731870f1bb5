import { isObservable } from "rxjs";
import { checkOptions } from "../base/check.ts";

/**
 * Refuses options that do not exist, and an operator that was not called.
 *
 * @param act Action that fails, as it completes "Cannot ...".
 * @param operator Name of the operator.
 * @param options Options as the caller gave them.
 * @param known Every option that exists.
 * @throws {TypeError} If the options are no object, or the stream.
 * @throws {RangeError} If one has a name that no option has.
 */
export function checkOperatorOptions<Options extends object>(
  act: string,
  operator: string,
  options: Options,
  known: readonly (keyof Options & string)[],
): void {
  if (isObservable(options)) {
    throw new TypeError(
      `Cannot ${act}: options is an Observable, expected ${operator}() in ` +
        `pipe(), not ${operator}`,
    );
  }
  checkOptions(act, options, known);
}

/** The options that are among some names. */
export function pickedOptions<
  Options extends object,
  Name extends keyof Options,
>(options: Options, names: readonly Name[]): Pick<Options, Name> {
  const picked: Partial<Pick<Options, Name>> = {};
  for (const name of names) {
    if (Object.hasOwn(options, name)) picked[name] = options[name];
  }
  // Every name that is missing is an option that the caller left out.
  return picked as Pick<Options, Name>;
}
/**
 * Refuses an argument that is no function.
 *
 * @param act Action that fails, as it completes "Cannot ...".
 * @param name Name of the parameter.
 */
export function checkFunction(
  act: string,
  name: string,
  value: unknown,
): void {
  if (typeof value === "function") return;
  throw new TypeError(
    `Cannot ${act}: ${name} is ${typeof value}, expected a function`,
  );
}

/** A user's function as an error names it. */
export function functionName(name: string, parameter: string): string {
  return name === "" ? parameter : `the function ${name}`;
}

/** A value that a function returned by mistake, as an error names it. */
export function returnedKind(value: unknown, expected: string): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Promise) return "a Promise";
  return ArrayBuffer.isView(value)
    ? "an array of samples"
    : `an object without ${expected}`;
}
