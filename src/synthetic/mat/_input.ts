/** Samples that a MAT array is made of. */
export type MatSamples =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** A numeric array. */
export interface MatArrayInput {
  /** Values in column order. Their type is how they are stored. */
  readonly data: MatSamples;
  /** Length of each axis, at least two. */
  readonly dims: readonly number[];
  /**
   * Class that the array has in MATLAB, where it is not the stored type: MATLAB
   * stores doubles that are whole numbers in the shortest integer type.
   *
   * @default {the class of `data`}
   */
  readonly className?: MatClassName;
}

/** A cell array. */
export interface MatCellInput {
  /** Elements in column order. */
  readonly cells: readonly MatInput[];
  /** Length of each axis, at least two. */
  readonly dims: readonly number[];
}

/** A struct array: every element has the same fields in the same order. */
export interface MatStructInput {
  /** Elements in column order. */
  readonly structs: readonly MatFieldsInput[];
  /** Length of each axis, at least two. */
  readonly dims: readonly number[];
}

/** One struct, by field. */
export interface MatFieldsInput {
  readonly [field: string]: MatInput;
}

/** A number is a 1 x 1 double, a text a char row, plain fields a 1 x 1 struct. */
export type MatInput =
  | number
  | string
  | MatArrayInput
  | MatCellInput
  | MatStructInput
  | MatFieldsInput;

/** MATLAB's name of a numeric class. */
export type MatClassName =
  | "double"
  | "single"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32";

/** What a value is once its short forms are spelt out. */
export type SpeltMatInput = MatArrayInput | MatCellInput | MatStructInput | {
  text: string;
};

/** Spells the short forms out. */
export function spelt(value: MatInput): SpeltMatInput {
  if (typeof value === "number") {
    return { data: Float64Array.of(value), dims: [1, 1] };
  }
  if (typeof value === "string") return { text: value };
  if (isArray(value) || isCell(value) || isStruct(value)) return value;
  return { structs: [value], dims: [1, 1] };
}

/** Tells a numeric array. */
export function isArray(value: object): value is MatArrayInput {
  return "data" in value && ArrayBuffer.isView(value.data);
}

/** Tells a cell array. */
export function isCell(value: object): value is MatCellInput {
  return "cells" in value && Array.isArray(value.cells);
}

/** Tells a struct array. */
function isStruct(value: object): value is MatStructInput {
  return "structs" in value && Array.isArray(value.structs);
}
