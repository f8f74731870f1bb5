import type { MatBytes } from "./_mat_bytes.ts";

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
  if (bytesEach === 0 && count > source.limits.emptyElements) {
    const why = `${count} elements take no byte`;
    throw source.excessive(why, "emptyElements", position);
  }
}

/**
 * Refuses a shape of absurdly many elements.
 *
 * @throws {LimitError} If it has more than the limits allow.
 */
export function checkElements(
  source: MatBytes,
  { shape }: { readonly shape: readonly number[] },
  position: number,
): void {
  const count = elementCount(shape);
  if (count <= source.limits.arrayElements) return;
  const why = `an array claims ${shape.join(" x ")} elements`;
  throw source.excessive(why, "arrayElements", position);
}
