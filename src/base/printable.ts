import { INSPECT_KEYS } from "../platform/environment.ts";

/** Whether an object has a text already. */
export function isPrintable(value: object): boolean {
  return INSPECT_KEYS.every((key) => key in value);
}

/**
 * Gives an object a text that `console.log` prints in Deno and Node. The text is
 * invisible otherwise: spreads, JSON and comparisons ignore it.
 *
 * @param value New object, which is changed.
 * @param text Makes the text.
 * @returns The same object.
 */
export function printable<Value extends object>(
  value: Value,
  text: (value: Value) => string,
): Value {
  const print = { value: () => text(value), enumerable: false };
  for (const key of INSPECT_KEYS) Object.defineProperty(value, key, print);
  return value;
}
