/** Samples of a MAT array. */
export type MatSamples =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** Numeric array. */
export interface MatArrayInput {
  /** Values in column order, stored as the type that they have. */
  readonly data: MatSamples;
  /** Length of each axis, at least two. */
  readonly dims: readonly number[];
  /**
   * Class of the array in MATLAB. It differs from the stored type where MATLAB
   * stores whole doubles in the shortest integer type.
   *
   * @default {the class of `data`}
   */
  readonly className?: MatClassName;
}

/** Cell array. */
export interface MatCellInput {
  /** Elements in column order. */
  readonly cells: readonly MatInput[];
  /** Length of each axis, at least two. */
  readonly dims: readonly number[];
}

/** Struct array whose elements have the same fields in the same order. */
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

/** Value: a number is a 1 x 1 double, text a char row, fields a 1 x 1 struct. */
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

/** Value in its long form. */
export type SpeltMatInput = MatArrayInput | MatCellInput | MatStructInput | {
  text: string;
};

/** Converts short forms into long ones. */
export function spelt(value: MatInput): SpeltMatInput {
  if (typeof value === "number") {
    return { data: Float64Array.of(value), dims: [1, 1] };
  }
  if (typeof value === "string") return { text: value };
  if (isArray(value) || isCell(value) || isStruct(value)) return value;
  return { structs: [value], dims: [1, 1] };
}

/** Whether a value is a numeric array. */
export function isArray(value: object): value is MatArrayInput {
  return "data" in value && ArrayBuffer.isView(value.data);
}

/** Whether a value is a cell array. */
export function isCell(value: object): value is MatCellInput {
  return "cells" in value && Array.isArray(value.cells);
}

/** Whether a value is a struct array. */
function isStruct(value: object): value is MatStructInput {
  return "structs" in value && Array.isArray(value.structs);
}
