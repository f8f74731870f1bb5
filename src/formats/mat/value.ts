/** Class of a numeric array, as MATLAB's `class` names it. */
export type NumericClass =
  | "double"
  | "single"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64";

/** Class of a variable: a numeric one, or another kind of array. */
export type MatClass =
  | NumericClass
  | "char"
  | "cell"
  | "struct"
  | "sparse"
  | "object"
  | "function"
  | "opaque";

/** Numbers of the type in which they are stored. */
export type NumericArray =
  | Float64Array
  | Float32Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/**
 * Numeric array, column-major.
 *
 * MATLAB stores whole numbers in the smallest type that holds them, so the type
 * of `data` is not bound to `class`: a trace of class `double` is often an
 * `Int16Array`. Real and imaginary part may differ in type.
 */
export interface MatNumeric {
  readonly type: "numeric";
  /** Class of the array in MATLAB. */
  readonly class: NumericClass;
  /** Whether the numbers are truth values, 0 or 1. */
  readonly logical: boolean;
  /** Length of each axis, two at least. */
  readonly shape: readonly number[];
  /** `shape[0] * shape[1] * ...` numbers, the first axis varying fastest. */
  readonly data: NumericArray;
  /** As many, where the array is complex. */
  readonly imaginary?: NumericArray;
}

/** Text. */
export interface MatChar {
  readonly type: "char";
  /** Rows, characters a row, and any further axes. */
  readonly shape: readonly number[];
  /**
   * One string a row, as MATLAB shows them, page after page: `rows[0]` is the
   * text of the usual 1 x n. The 0 x 0 text of `''` has no row.
   */
  readonly rows: readonly string[];
}

/** Cell array. */
export interface MatCell {
  readonly type: "cell";
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** One value a cell, column-major. */
  readonly elements: readonly MatValue[];
}

/** Struct array; a plain struct is 1 x 1. */
export interface MatStruct {
  readonly type: "struct";
  /** Length of each axis. */
  readonly shape: readonly number[];
  /**
   * Names of the fields in the order of the file. MATLAB has written files that
   * name a field twice: the second `x` is `_1_x`, as SciPy has it.
   */
  readonly fields: readonly string[];
  /** One record an element, column-major, without a prototype. */
  readonly elements: readonly Readonly<Record<string, MatValue>>[];
}

/** Value that only MATLAB itself can use: named, not decoded. */
export interface MatUndecoded {
  readonly type: "undecoded";
  /** `object` of an old-style class, function handle, or any newer object. */
  readonly class: "object" | "function" | "opaque";
  /** Name of the object's class, where the file gives it. */
  readonly className?: string;
  /** Length of each axis; empty for `opaque`, whose shape the file hides. */
  readonly shape: readonly number[];
  /** Bytes that were not decoded, once inflated. */
  readonly byteLength: number;
}

/** A value of a MATLAB file. */
export type MatValue =
  | MatNumeric
  | MatChar
  | MatCell
  | MatStruct
  | MatUndecoded;

/** A variable of a file: known by name, class and shape, decoded by `read`. */
export interface MatVariable {
  /** Name; `__function_workspace__` is the target of function handles. */
  readonly name: string;
  /** Class of the array. */
  readonly class: MatClass;
  /** Length of each axis; empty for `opaque`. */
  readonly shape: readonly number[];
  /** Bytes that it keeps in memory, as stored. */
  readonly byteLength: number;
  /**
   * Decodes it. Numbers are views of the file's bytes where byte order and
   * alignment allow: writing to the one writes to the other.
   *
   * @throws {FormatError} If it is damaged.
   * @throws {LimitError} If it claims more than the limits allow.
   * @throws {UnsupportedError} If it is, or holds, a sparse matrix.
   */
  read(): MatValue;
}
