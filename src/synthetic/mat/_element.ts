import {
  isArray,
  isCell,
  type MatArrayInput,
  type MatCellInput,
  type MatClassName,
  type MatInput,
  type MatSamples,
  type MatStructInput,
  spelt,
} from "./_input.ts";

// Numbers of the classes and of the types: "MAT-File Format", MathWorks, 1-2.
const CLASSES: Readonly<Record<MatClassName, number>> = {
  double: 6,
  single: 7,
  int8: 8,
  uint8: 9,
  int16: 10,
  uint16: 11,
  int32: 12,
  uint32: 13,
};
const CELL = 1;
const STRUCT = 2;
const CHAR = 4;
const INT8 = 1;
const UINT16 = 4;
const INT32 = 5;
const UINT32 = 6;
const UTF16 = 17;
const MATRIX = 14;

const STORED: readonly [
  new () => MatSamples,
  { readonly type: number; readonly className: MatClassName },
][] = [
  [Int8Array, { type: INT8, className: "int8" }],
  [Uint8Array, { type: 2, className: "uint8" }],
  [Int16Array, { type: 3, className: "int16" }],
  [Uint16Array, { type: UINT16, className: "uint16" }],
  [Int32Array, { type: INT32, className: "int32" }],
  [Uint32Array, { type: UINT32, className: "uint32" }],
  [Float32Array, { type: 7, className: "single" }],
  [Float64Array, { type: 9, className: "double" }],
];

const HOST_IS_LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** One variable as a plain data element. */
export function matrixElement(
  name: string,
  value: MatInput,
  little: boolean,
): Uint8Array {
  const writer = new ElementWriter(matrixBytes(name, value), little);
  writer.matrix(name, value);
  return writer.bytes;
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

/** Bytes of a data element with its tag; up to four bytes fit into the tag. */
function elementBytes(bytes: number): number {
  return bytes <= 4 ? 8 : 8 + padded(bytes);
}

/** Bytes of a whole array with its tag. */
function matrixBytes(name: string, value: MatInput): number {
  const array = spelt(value);
  const dims = "text" in array ? [1, 1] : array.dims;
  const head = 8 + 16 + elementBytes(dims.length * 4) +
    elementBytes(name.length);
  if ("text" in array) return head + elementBytes(array.text.length * 2);
  checkDims(array);
  if (isArray(array)) return head + elementBytes(array.data.byteLength);
  if (isCell(array)) return head + sum(array.cells, (v) => matrixBytes("", v));
  const fields = fieldNames(array);
  return head + 8 + elementBytes(fields.length * fieldNameBytes(fields)) +
    sum(
      array.structs,
      (struct) =>
        sum(fields, (field) => matrixBytes("", struct[field] as MatInput)),
    );
}

function sum<Item>(
  items: readonly Item[],
  of: (item: Item) => number,
): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function checkDims(
  array: MatArrayInput | MatCellInput | MatStructInput,
): void {
  const count = isArray(array)
    ? array.data.length
    : isCell(array)
    ? array.cells.length
    : array.structs.length;
  const expected = array.dims.reduce((product, dim) => product * dim, 1);
  if (array.dims.length >= 2 && expected === count) return;
  throw new RangeError(
    `Cannot write MAT array: dims is [${array.dims}], ` +
      `expected two or more that make ${count}`,
  );
}

function fieldNames({ structs }: MatStructInput): string[] {
  const fields = Object.keys(structs[0] ?? {});
  for (const struct of structs) {
    const others = Object.keys(struct);
    if (others.join() !== fields.join()) {
      throw new RangeError(
        `Cannot write MAT struct: fields is [${others}], expected [${fields}]`,
      );
    }
  }
  const long = fields.find((field) => field.length > 31);
  if (long === undefined) return fields;
  throw new RangeError(
    `Cannot write MAT struct: field is "${long}", expected 31 characters or less`,
  );
}

/** Bytes of the longest name with its closing zero, padded to eight. */
function fieldNameBytes(fields: readonly string[]): number {
  return padded(Math.max(1, ...fields.map((field) => field.length + 1)));
}

class ElementWriter {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #little: boolean;
  #at = 0;

  constructor(size: number, little: boolean) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
    this.#little = little;
  }

  matrix(name: string, value: MatInput): void {
    const array = spelt(value);
    const start = this.#at;
    this.#at += 8;
    if ("text" in array) {
      this.#head(
        CHAR,
        [Math.min(1, array.text.length), array.text.length],
        name,
      );
      // As MATLAB writes it, but SciPy takes 16-bit units for bytes of ASCII.
      const units = codeUnits(array.text);
      const type = units.every((unit) => unit < 128) ? UINT16 : UTF16;
      this.#element(type, units);
    } else if (isArray(array)) this.#array(name, array);
    else if (isCell(array)) {
      this.#head(CELL, array.dims, name);
      for (const element of array.cells) this.matrix("", element);
    } else this.#struct(name, array);
    this.#uint32(start, MATRIX);
    this.#uint32(start + 4, this.#at - start - 8);
  }

  #array(name: string, { data, dims, className }: MatArrayInput): void {
    const stored = STORED.find(([Kind]) => data instanceof Kind);
    if (!stored) throw new TypeError("Cannot write MAT array: unknown type");
    this.#head(CLASSES[className ?? stored[1].className], dims, name);
    this.#element(stored[1].type, data);
  }

  #struct(name: string, array: MatStructInput): void {
    const fields = fieldNames(array);
    const width = fieldNameBytes(fields);
    const names = new Int8Array(fields.length * width);
    fields.forEach((field, i) => names.set(ascii(field), i * width));
    this.#head(STRUCT, array.dims, name);
    this.#element(INT32, Int32Array.of(width));
    this.#element(INT8, names);
    for (const struct of array.structs) {
      for (const field of fields) this.matrix("", struct[field] as MatInput);
    }
  }

  #head(classNumber: number, dims: readonly number[], name: string): void {
    this.#element(UINT32, Uint32Array.of(classNumber, 0));
    this.#element(INT32, Int32Array.from(dims));
    this.#element(INT8, ascii(name));
  }

  #element(type: number, data: MatSamples): void {
    const length = data.byteLength;
    const isSmall = length > 0 && length <= 4;
    this.#uint32(this.#at, isSmall ? length << 16 | type : type);
    if (!isSmall) this.#uint32(this.#at + 4, length);
    const body = this.#at + (isSmall ? 4 : 8);
    const source = new Uint8Array(data.buffer, data.byteOffset, length);
    this.bytes.set(source, body);
    if (this.#little !== HOST_IS_LITTLE) {
      swap(this.bytes.subarray(body, body + length), data.BYTES_PER_ELEMENT);
    }
    this.#at += elementBytes(length);
  }

  #uint32(at: number, value: number): void {
    this.#view.setUint32(at, value, this.#little);
  }
}

function ascii(text: string): Int8Array {
  return Int8Array.from(text, (character) => character.charCodeAt(0));
}

function codeUnits(text: string): Uint16Array {
  return Uint16Array.from(
    { length: text.length },
    (_, i) => text.charCodeAt(i),
  );
}

function swap(bytes: Uint8Array, width: number): void {
  const last = width - 1;
  for (let at = 0; at < bytes.length; at += width) {
    for (let i = 0; i < width >> 1; i++) {
      const kept = bytes[at + i] as number;
      bytes[at + i] = bytes[at + last - i] as number;
      bytes[at + last - i] = kept;
    }
  }
}
