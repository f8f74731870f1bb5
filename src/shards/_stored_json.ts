import type { ReadOptions } from "../base/abort.ts";
import { FormatError } from "../errors.ts";
import type { Place } from "../places/place.ts";
import { type Fields, isFields } from "../sinks/files/head_fields.ts";

/** Deepest nesting of lists and objects. */
const MAX_DEPTH = 100;
const DECODER = new TextDecoder("utf-8", { fatal: true });

/** Bytes of a value as JSON, with a line feed at the end. */
export function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value)}\n`);
}

/** Options of {@linkcode readJson}. */
export interface JsonOptions extends ReadOptions {
  /** Longest object to read. */
  readonly maxBytes: number;
}

/**
 * Reads JSON out of a place; undefined if there is none.
 *
 * @param kind Name of the object, as errors have it.
 * @throws {FormatError} If it is no JSON, or nested too deep.
 * @throws {LimitError} If it is too long.
 */
export async function readJson(
  place: Place,
  key: string,
  kind: string,
  options: JsonOptions,
): Promise<unknown> {
  const bytes = await place.get(key, options);
  if (bytes === undefined) return undefined;
  const value = parsed(bytes, place, key, kind);
  if (isWithin(value, MAX_DEPTH)) return value;
  throw storedError(place, key, kind, "it is nested too deep");
}

/** Parses the bytes of an object. */
export function parsed(
  bytes: Uint8Array,
  place: Place,
  key: string,
  kind: string,
): unknown {
  try {
    return JSON.parse(DECODER.decode(bytes));
  } catch (cause) {
    throw storedError(place, key, kind, "it is no JSON", cause);
  }
}

/** Rule for a field: its words, and whether a value keeps it. */
export type FieldRule = readonly [
  expected: string,
  holds: (value: unknown) => boolean,
];

/** First fault of the fields of a value; undefined if all rules hold. */
export function fieldsFault(
  value: unknown,
  rules: Readonly<Record<string, FieldRule>>,
): string | undefined {
  if (!isFields(value)) return "it is no object";
  for (const [name, [expected, holds]] of Object.entries(rules)) {
    if (!holds(value[name])) {
      return `${name} is ${shown(value[name])}, expected ${expected}`;
    }
  }
  return undefined;
}

/** Error for an object that rxephys has not written so. */
export function storedError(
  { name }: Place,
  key: string,
  kind: string,
  fault: string,
  cause?: unknown,
): FormatError {
  return new FormatError(`Cannot read ${kind}: ${fault}`, {
    archive: name,
    member: key,
    cause,
  });
}

/** Whether a value is a whole number from 0 on. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Whether a value is a SHA-256 in hexadecimal digits. */
export function isSha256(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

/** Whether a value is text. */
export function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isWithin(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 &&
    Object.values(value as Fields).every((item) => isWithin(item, depth - 1));
}

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 80));
  if (Array.isArray(value)) return "a list";
  return isFields(value) ? "an object" : String(value);
}
