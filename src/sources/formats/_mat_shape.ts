import type { MatBytes } from "./_mat_bytes.ts";

// Elements that take no byte of the file: a claim of them costs nothing.
const MAX_FREE_ELEMENTS = 2 ** 20;

/** Number of elements of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.includes(0) ? 0 : shape.reduce((a, b) => a * b, 1);
}

/**
 * Refuses a shape of which each element needs a byte count that is not there,
 * before anything is allocated for it.
 *
 * @param bytesEach Least bytes that an element takes in the file.
 * @param left Bytes that are there.
 * @throws {FormatError} If it needs more than is left.
 * @throws {LimitError} If elements that take no bytes are too many.
 */
export function checkRoom(
  source: MatBytes,
  position: number,
  count: number,
  bytesEach: number,
  left: number,
): void {
  if (count * bytesEach > left) {
    throw source.malformed(
      `${count} elements need ${
        count * bytesEach
      } bytes where ${left} are left`,
      position,
    );
  }
  if (bytesEach === 0 && count > MAX_FREE_ELEMENTS) {
    throw source.excessive(
      `${count} elements take no byte, expected at most ${MAX_FREE_ELEMENTS}`,
      position,
    );
  }
}
