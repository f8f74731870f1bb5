import type { MatBytes } from "./_bytes.ts";
import { type MatCursor, type MatElement, MI } from "./_cursor.ts";
import type { MatHeader } from "./_header.ts";
import { numbersOf, typedNumbers } from "./_numbers.ts";
import type { MatSparse, NumericArray } from "./value.ts";

const MAX_ROWS = 2 ** 31 - 1;

/**
 * Refuses the shape of a level 4 sparse matrix.
 *
 * @throws {FormatError} If it is no shape.
 * @throws {LimitError} If it has more columns than the limits allow.
 */
export function checkLevel4SparseShape(
  source: MatBytes,
  rows: number,
  columns: number,
): void {
  const whole = Number.isInteger(rows) && Number.isInteger(columns);
  if (!whole || rows < 0 || columns < 0 || rows > MAX_ROWS) {
    throw source.malformed(
      `a sparse matrix is of shape ${rows} x ${columns}`,
      0,
    );
  }
  // Empty columns take no byte of the file, yet each has a start here.
  if (columns > source.limits.emptyElements) {
    const why = `a sparse matrix has ${columns} columns`;
    throw source.excessive(why, "emptyElements", 0);
  }
}

/**
 * Decodes a sparse matrix of level 4, which is stored as a full one: a row
 * (row, column, value) an entry, with a fourth number where it is complex,
 * then (rows, columns, 0).
 *
 * @param width Columns of that full matrix, 3 or 4.
 * @param shape Shape of the sparse matrix.
 * @throws {FormatError} If an entry lies outside the matrix.
 */
export function level4Sparse(
  source: MatBytes,
  numbers: NumericArray,
  width: number,
  shape: readonly number[],
): MatSparse {
  const height = numbers.length / width;
  const column = (index: number): NumericArray =>
    numbers.subarray(height * index, height * (index + 1) - 1);
  const rows = indices(source, column(0), shape[0]);
  const columns = indices(source, column(1), shape[1]);
  const columnStarts = startsOf(columns, shape[1]);
  const order = columnOrder(columns, columnStarts);
  const base = {
    type: "sparse",
    logical: false,
    shape,
    rowIndices: Int32Array.from(order, (entry) => rows[entry]),
    columnStarts,
    data: ordered(column(2), order),
  } as const;
  if (width === 3) return base;
  return { ...base, imaginary: ordered(column(3), order) };
}

function indices(
  source: MatBytes,
  numbers: NumericArray,
  size: number,
): Int32Array {
  const result = new Int32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const index = Number(numbers[i]);
    if (!Number.isInteger(index) || index < 1 || index > size) {
      throw source.malformed(
        `a sparse matrix has an entry at ${index}, expected 1 to ${size}`,
        0,
      );
    }
    result[i] = index - 1;
  }
  return result;
}

function startsOf(columns: Int32Array, count: number): Int32Array {
  const starts = new Int32Array(count + 1);
  for (const column of columns) starts[column + 1]++;
  for (let i = 0; i < count; i++) starts[i + 1] += starts[i];
  return starts;
}

function columnOrder(columns: Int32Array, starts: Int32Array): Int32Array {
  const order = new Int32Array(columns.length);
  const next = starts.slice();
  columns.forEach((column, entry) => order[next[column]++] = entry);
  return order;
}

function ordered(numbers: NumericArray, order: Int32Array): NumericArray {
  const result = numbers.slice();
  order.forEach((entry, i) => result[i] = numbers[entry]);
  return result;
}

/**
 * Reads the content of a sparse matrix.
 *
 * @throws {FormatError} If indices lie outside the matrix or numbers lack.
 */
export function readSparse(cursor: MatCursor, header: MatHeader): MatSparse {
  const { source } = cursor;
  const [rows, columns] = header.shape;
  const tag = cursor.position;
  const allRows = readIndices(cursor);
  const allStarts = readIndices(cursor);
  if (header.shape.length !== 2 || allStarts.length < columns + 1) {
    throw source.malformed(
      `a sparse matrix of shape ${header.shape.join(" x ")} has ` +
        `${allStarts.length} column starts`,
      tag,
    );
  }
  const columnStarts = allStarts.subarray(0, columns + 1);
  // The row indices have room for more entries than there are.
  const count = columnStarts[columns];
  checkStarts(source, tag, columnStarts, allRows.length);
  const rowIndices = allRows.subarray(0, count);
  checkRows(source, tag, rowIndices, rows);
  const data = readEntries(cursor, count, header.logical);
  const base = {
    type: "sparse",
    logical: header.logical,
    shape: header.shape,
    rowIndices,
    columnStarts,
    data,
  } as const;
  if (!header.complex) return base;
  return { ...base, imaginary: readEntries(cursor, count, false) };
}

function readIndices(cursor: MatCursor): Int32Array {
  const element = cursor.next();
  if (element.type !== MI.int32 && element.type !== MI.uint32) {
    throw cursor.source.malformed(
      `sparse indices are of data type ${element.type}, expected ${MI.int32}`,
      element.tag,
    );
  }
  return typedNumbers(cursor.source, element, Int32Array);
}

function checkStarts(
  source: MatBytes,
  tag: number,
  starts: Int32Array,
  entries: number,
): void {
  const rising = starts.every((start, i) => i === 0 || start >= starts[i - 1]);
  if (starts[0] === 0 && rising && starts[starts.length - 1] <= entries) return;
  throw source.malformed(
    `column starts of a sparse matrix do not rise from 0 to at most ${entries}`,
    tag,
  );
}

function checkRows(
  source: MatBytes,
  tag: number,
  indices: Int32Array,
  rows: number,
): void {
  const wrong = indices.find((row) => row < 0 || row >= rows);
  if (wrong === undefined) return;
  throw source.malformed(
    `a sparse matrix of ${rows} rows has an entry in row ${wrong}`,
    tag,
  );
}

function readEntries(
  cursor: MatCursor,
  count: number,
  logical: boolean,
): NumericArray {
  const { source } = cursor;
  const element = cursor.next();
  const data = logical && isBytes(element, count)
    ? typedNumbers(source, element, Uint8Array)
    : numbersOf(source, element);
  if (data.length < count) {
    throw source.malformed(
      `a sparse matrix of ${count} entries has ${data.length} numbers`,
      element.tag,
    );
  }
  return data.subarray(0, count);
}

// MATLAB 7 stores truth values as bytes yet calls them doubles.
function isBytes({ type, length }: MatElement, count: number): boolean {
  return type === 9 && length < 8 * count && length >= count;
}
