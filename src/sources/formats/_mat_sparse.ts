import type { MatBytes } from "./_mat_bytes.ts";
import { type MatCursor, type MatElement, MI } from "./_mat_cursor.ts";
import type { MatHeader } from "./_mat_header.ts";
import { numbersOf, typedNumbers } from "./_mat_numbers.ts";
import type { MatSparse, NumericArray } from "./mat_value.ts";

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
