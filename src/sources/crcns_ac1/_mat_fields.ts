import type { MemberPlace } from "../../archive/archive.ts";
import type { Samples } from "../../session.ts";
import type {
  MatStruct,
  MatValue,
  MatVariable,
  NumericArray,
} from "../../formats/mat/value.ts";
import type { SourceWarnings } from "../shared/warnings.ts";

/**
 * Variable of a name. Of several the last one, as SciPy reads them, with a
 * warning.
 */
export function variableNamed(
  variables: readonly MatVariable[],
  name: string,
  place: MemberPlace,
  warnings: SourceWarnings,
): MatVariable | undefined {
  const namesakes = variables.filter((variable) => variable.name === name);
  if (namesakes.length > 1) {
    warnings.warn(
      "duplicate-variable",
      place,
      `it has ${namesakes.length} variables "${name}", and the last is read`,
      { item: name },
    );
  }
  return namesakes.at(-1);
}

/** Fields of a struct. */
export type MatFields = MatStruct["elements"][number];

/** First struct of a struct array or of a cell of structs, or null. */
export function firstStruct(value: MatValue | undefined): MatFields | null {
  if (value?.type === "struct") return value.elements[0] ?? null;
  if (value?.type === "cell") return firstStruct(value.elements[0]);
  return null;
}

/**
 * Structs of a struct array, or of a cell of structs; null for a cell that holds
 * something else.
 */
export function structsOf(
  value: MatValue | undefined,
): readonly (MatFields | null)[] {
  if (value?.type === "struct") return value.elements;
  return value?.type === "cell" ? value.elements.map(firstStruct) : [];
}

/** Text in the first row of a char array, or null. */
export function textOf(value: MatValue | undefined): string | null {
  if (value?.type === "cell") return textOf(value.elements[0]);
  return value?.type === "char" ? value.rows[0] ?? "" : null;
}

/** First number of a real numeric array, or null. */
export function numberOf(value: MatValue | undefined): number | null {
  if (value?.type !== "numeric" || value.imaginary) return null;
  return value.data.length === 0 ? null : Number(value.data[0]);
}

/** Whether there is a number in a range. */
export function isWithin(
  value: number | null,
  least: number,
  most: number,
): value is number {
  return value !== null && value >= least && value <= most;
}

/** Samples in the type in which a file stores them. */
export type StoredSamples = Exclude<
  NumericArray,
  BigInt64Array | BigUint64Array
>;

/** Numbers of a real vector as stored, also of an empty one, or null. */
export function vectorOf(value: MatValue | undefined): StoredSamples | null {
  if (value?.type !== "numeric" || value.imaginary) return null;
  const { data, shape } = value;
  if (data.length > 0 && Math.max(...shape) !== data.length) return null;
  return data instanceof BigInt64Array || data instanceof BigUint64Array
    ? null
    : data;
}

/** Stored samples in a type that operators take; no value changes. */
export function asSamples(stored: StoredSamples): Samples {
  if (
    stored instanceof Float64Array || stored instanceof Float32Array ||
    stored instanceof Int16Array
  ) return stored;
  return stored instanceof Int8Array || stored instanceof Uint8Array
    ? new Int16Array(stored)
    : new Float64Array(stored);
}
