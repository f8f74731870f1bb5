import type { Samples } from "../session.ts";
import type { MatStruct, MatValue } from "./formats/mat_value.ts";

/** A struct's fields. */
export type MatFields = MatStruct["elements"][number];

/** The first struct of a struct array or of a cell of structs, or null. */
export function firstStruct(value: MatValue | undefined): MatFields | null {
  if (value?.type === "struct") return value.elements[0] ?? null;
  if (value?.type === "cell") return firstStruct(value.elements[0]);
  return null;
}

/** The text of a char array's first row, or null. */
export function textOf(value: MatValue | undefined): string | null {
  if (value?.type === "cell") return textOf(value.elements[0]);
  return value?.type === "char" ? value.rows[0] ?? "" : null;
}

/** The first number of a real numeric array, or null. */
export function numberOf(value: MatValue | undefined): number | null {
  if (value?.type !== "numeric" || value.imaginary) return null;
  return value.data.length === 0 ? null : Number(value.data[0]);
}

/** The samples of a real vector, also an empty one, or null. */
export function samplesOf(value: MatValue | undefined): Samples | null {
  if (value?.type !== "numeric" || value.imaginary) return null;
  const { data, shape } = value;
  if (data.length > 0 && Math.max(...shape) !== data.length) return null;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return null;
  }
  if (
    data instanceof Float64Array || data instanceof Float32Array ||
    data instanceof Int16Array
  ) return data;
  return data instanceof Int8Array || data instanceof Uint8Array
    ? Int16Array.from(data)
    : Float64Array.from(data);
}

/** Index of the first sample that is no finite number, or -1. */
export function firstNonFinite(samples: Samples): number {
  if (samples instanceof Int16Array) return -1;
  return samples.findIndex((sample: number) => !Number.isFinite(sample));
}
