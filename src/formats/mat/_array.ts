import { MatCursor, MI } from "./_cursor.ts";
import {
  checkElements,
  checkRoom,
  elementCount,
  type MatHeader,
  readHeader,
} from "./_header.ts";
import { fieldNames, nameBytes, textOfUnits } from "./_names.ts";
import { numbersOf } from "./_numbers.ts";
import { readText } from "./_text.ts";
import type {
  MatCell,
  MatNumeric,
  MatStruct,
  MatUndecoded,
  MatValue,
  NumericArray,
  NumericClass,
} from "./value.ts";

/** Least bytes of an array inside another: its tag. */
const TAG_BYTES = 8;

const EMPTY: MatNumeric = Object.freeze<MatNumeric>({
  type: "numeric",
  class: "double",
  logical: false,
  shape: Object.freeze([0, 0]),
  data: new Float64Array(0),
});

/**
 * Reads the next element, which must be an array.
 *
 * @param depth Number of arrays around it.
 * @throws {FormatError} If it is damaged.
 * @throws {LimitError} If it is nested too deep or claims too much.
 * @throws {UnsupportedError} If it is, or holds, a sparse matrix.
 */
export function readArray(cursor: MatCursor, depth: number): MatValue {
  const { source } = cursor;
  const { type, tag, start, length } = cursor.next();
  if (type !== MI.matrix) {
    throw source.malformed(
      `an element is of data type ${type}, expected an array (${MI.matrix})`,
      tag,
    );
  }
  if (depth > source.limits.nesting) {
    throw source.excessive("arrays are nested deeper", "nesting", tag);
  }
  // MATLAB writes [] this way inside a cell array that was never filled.
  if (length === 0) return EMPTY;
  return readContent(new MatCursor(source, start, start + length), depth);
}

function readContent(cursor: MatCursor, depth: number): MatValue {
  const start = cursor.position;
  const header = readHeader(cursor);
  if (
    header.class === "object" || header.class === "function" ||
    header.class === "opaque"
  ) {
    return readUndecoded(cursor, header.class, header.shape, start);
  }
  if (header.class === "sparse") {
    throw cursor.source.unsupported(
      "a matrix is sparse, expected a full one: save it as full(x)",
      start,
    );
  }
  checkElements(cursor.source, header, start);
  const value = readDecoded(cursor, header, depth);
  cursor.finish();
  return value;
}

function readDecoded(
  cursor: MatCursor,
  header: MatHeader,
  depth: number,
): MatValue {
  switch (header.class) {
    case "cell":
      return readCell(cursor, header.shape, depth);
    case "struct":
      return readStruct(cursor, header.shape, depth);
    case "char":
      return readText(cursor, header.shape);
    default:
      return readNumeric(cursor, header, header.class as NumericClass);
  }
}

function readNumeric(
  cursor: MatCursor,
  header: MatHeader,
  numericClass: NumericClass,
): MatNumeric {
  const { logical, shape } = header;
  const base = {
    type: "numeric",
    class: numericClass,
    logical,
    shape,
    data: readNumbers(cursor, shape),
  } as const;
  if (!header.complex) return base;
  return { ...base, imaginary: readNumbers(cursor, shape) };
}

function readNumbers(
  cursor: MatCursor,
  shape: readonly number[],
): NumericArray {
  return numbersOf(cursor.source, cursor.next(), shape);
}

function readCell(
  cursor: MatCursor,
  shape: readonly number[],
  depth: number,
): MatCell {
  const count = elementCount(shape);
  checkRoom(cursor.source, cursor.position, count, TAG_BYTES, cursor.left);
  cursor.source.countArrays(count, cursor.position);
  const elements: MatValue[] = [];
  for (let i = 0; i < count; i++) elements.push(readArray(cursor, depth + 1));
  return { type: "cell", shape, elements };
}

function readStruct(
  cursor: MatCursor,
  shape: readonly number[],
  depth: number,
): MatStruct {
  const fields = fieldNames(cursor);
  const count = elementCount(shape);
  const { source, position, left } = cursor;
  checkRoom(source, position, count, TAG_BYTES * fields.length, left);
  source.countArrays(count * fields.length, position);
  const elements: Record<string, MatValue>[] = [];
  for (let i = 0; i < count; i++) {
    // Without a prototype a field called "__proto__" is a field.
    const element: Record<string, MatValue> = Object.create(null);
    for (const field of fields) element[field] = readArray(cursor, depth + 1);
    elements.push(element);
  }
  return { type: "struct", shape, fields, elements };
}

function readUndecoded(
  cursor: MatCursor,
  undecoded: MatUndecoded["class"],
  shape: readonly number[],
  start: number,
): MatUndecoded {
  const byteLength = cursor.end - start;
  const base = {
    type: "undecoded",
    class: undecoded,
    shape,
    byteLength,
  } as const;
  if (undecoded === "function") return base;
  // The name of its system comes before that of an opaque object's class.
  if (undecoded === "opaque") nameBytes(cursor);
  return { ...base, className: textOfUnits(nameBytes(cursor)) };
}
