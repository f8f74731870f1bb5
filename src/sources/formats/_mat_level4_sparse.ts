import type { MatBytes } from "./_mat_bytes.ts";
import type { MatSparse, NumericArray } from "./mat_value.ts";

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
