import { firstNonFinite } from "../base/numbers.ts";
import { nearestName } from "../base/nearest.ts";
import type { CellMeta, Samples, StimMeta } from "../session.ts";

const ACT = "make sessions";

/** Error of a field that breaks a rule. */
export function fieldError(
  path: string,
  value: unknown,
  rule: string,
): RangeError | TypeError {
  const shown = typeof value === "string" ? `"${value}"` : String(value);
  const text = `Cannot ${ACT}: ${path} is ${shown}, expected ${rule}`;
  const isOfType = typeof value === "number" || typeof value === "string";
  return isOfType ? new RangeError(text) : new TypeError(text);
}

/**
 * Checks that a value is an object with no other fields than some.
 *
 * @throws {TypeError} If it is no object.
 * @throws {RangeError} If a field has another name; the nearest is in the text.
 */
export function checkFields(
  path: string,
  value: unknown,
  known: readonly string[],
): void {
  checkObject(path, value);
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known) ?? known.join(", ");
    throw new RangeError(
      `Cannot ${ACT}: ${path} has no field ${name}, expected ${nearest}`,
    );
  }
}

function checkObject(path: string, value: unknown): asserts value is object {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return;
  }
  throw fieldError(path, value, "an object");
}

/** Checks that exactly one of two fields is given. */
export function checkEither(
  path: string,
  [name, value]: readonly [string, unknown],
  [other, otherValue]: readonly [string, unknown],
): void {
  const both = value !== undefined && otherValue !== undefined;
  if (!both && (value !== undefined || otherValue !== undefined)) return;
  throw new TypeError(
    `Cannot ${ACT}: ${path} has ${both ? "both" : "neither"} ${name} ` +
      `${both ? "and" : "nor"} ${other}, expected one of them`,
  );
}

/** Checks that a value is an array, of some length if that is given. */
export function checkList(
  path: string,
  value: unknown,
  rule: string,
  length?: number,
): void {
  if (!Array.isArray(value)) throw fieldError(path, value, rule);
  if (length === undefined || value.length === length) return;
  throw fieldError(`${path}.length`, value.length, `${length}, ${rule}`);
}

/** Checks that a value is a text that is not empty. */
export function checkText(path: string, value: unknown): void {
  if (typeof value === "string" && value !== "") return;
  throw fieldError(path, value, "a text that is not empty");
}

/** Checks that a value is a finite number above 0. */
export function checkPositive(path: string, value: unknown): void {
  if (typeof value === "number" && value > 0 && value < Infinity) return;
  throw fieldError(path, value, "a number above 0");
}

/** Highest sampling rate of sounds and traces. */
const MOST_RATE_HZ = 1_000_000;

/** Checks that a value is a sampling rate: windows of a chain grow with it. */
export function checkRate(path: string, value: unknown): void {
  checkPositive(path, value);
  if (Number(value) <= MOST_RATE_HZ) return;
  throw fieldError(path, value, `at most ${MOST_RATE_HZ} Hz`);
}

/** Checks that metadata can be written to any file. */
export function checkMeta(path: string, meta: CellMeta | StimMeta): void {
  checkObject(path, meta);
  for (const [key, value] of Object.entries(meta)) {
    if (value !== undefined) checkMetaValue(`${path}.${key}`, value);
  }
}

function checkMetaValue(path: string, value: unknown): void {
  if (Array.isArray(value)) {
    for (const [at, one] of value.entries()) {
      checkMetaValue(`${path}[${at}]`, one);
    }
    return;
  }
  const isPlain = value === null || typeof value === "string" ||
    typeof value === "boolean" ||
    typeof value === "number" && Number.isFinite(value);
  if (isPlain) return;
  throw fieldError(
    path,
    value,
    "a text, a finite number, true, false, null or an array of them",
  );
}

/**
 * Numbers of an array as samples: typed arrays of a kind that operators take stay
 * as they are.
 *
 * @throws {TypeError} If it is no array of numbers.
 * @throws {RangeError} If it is empty, or a number is not finite.
 */
export function samplesOf(path: string, value: ArrayLike<number>): Samples {
  const samples = numbersOf(path, value);
  if (samples.length > 0) return samples;
  throw fieldError(`${path}.length`, 0, "one number at least");
}

/** As {@linkcode samplesOf}; an empty array is fine. */
export function numbersOf(path: string, value: ArrayLike<number>): Samples {
  const isList = Array.isArray(value) ||
    ArrayBuffer.isView(value) && !(value instanceof DataView);
  if (!isList) throw fieldError(path, value, "an array of numbers");
  if (Array.isArray(value)) {
    const odd = value.findIndex((one) => typeof one !== "number");
    if (odd >= 0) throw fieldError(`${path}[${odd}]`, value[odd], "a number");
  }
  const samples = value instanceof Float64Array ||
      value instanceof Float32Array || value instanceof Int16Array
    ? value
    : Float64Array.from(value);
  const odd = firstNonFinite(samples);
  if (odd < 0) return samples;
  throw fieldError(`${path}[${odd}]`, samples[odd], "a finite number");
}
