import { type MatCursor, MI } from "./_cursor.ts";
import { nameBytes, textOfUnits } from "./_names.ts";
import type { MatClass } from "./value.ts";
import type { MatBytes } from "./_bytes.ts";

/** Number of elements of a shape. */
export function elementCount(shape: readonly number[]): number {
  let count = 1;
  // An infinite product times 0 is no number.
  for (const size of shape) count = size === 0 ? 0 : count && count * size;
  return count;
}

/**
 * Refuses a shape whose elements need more bytes than there are, before memory is
 * taken for them.
 *
 * @param bytesEach Least bytes that an element takes in the file.
 * @param left Bytes that there are.
 * @throws {FormatError} If the elements need more than is left.
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
  if (bytesEach === 0) source.countEmpty(count, position);
}

/**
 * Refuses a shape of too many elements.
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

// By the code in the array flags: "MAT-File Format", table 1-3, which leaves out
// 16 and 17.
const CLASSES: readonly (MatClass | undefined)[] = [
  undefined,
  "cell",
  "struct",
  "object",
  "char",
  "sparse",
  "double",
  "single",
  "int8",
  "uint8",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "uint64",
  "function",
  "opaque",
];
const LOGICAL = 1 << 9;
const COMPLEX = 1 << 11;
const MAX_AXES = 32;

/** Header of an array, which stands before its content. */
export interface MatHeader {
  readonly class: MatClass;
  readonly logical: boolean;
  readonly complex: boolean;
  /** Empty for `opaque`, whose shape the file hides. */
  readonly shape: readonly number[];
  /** Empty inside another array. */
  readonly name: string;
}

/**
 * Reads the header of an array and leaves the cursor at its content.
 *
 * @throws {FormatError} If it is malformed.
 */
export function readHeader(cursor: MatCursor): MatHeader {
  const { source } = cursor;
  const { type, tag, start, length } = cursor.next();
  if (type !== MI.uint32 || length !== 8) {
    throw source.malformed("an array does not begin with its flags", tag);
  }
  const flags = source.uint32(start);
  const matClass = CLASSES[flags & 0xff];
  if (matClass === undefined) {
    throw source.malformed(
      `an array is of class ${flags & 0xff}, expected 1 to 17`,
      tag,
    );
  }
  const shape = matClass === "opaque" ? [] : readShape(cursor);
  const name = textOfUnits(nameBytes(cursor));
  return {
    class: matClass,
    logical: (flags & LOGICAL) !== 0,
    complex: (flags & COMPLEX) !== 0,
    shape,
    name,
  };
}

function readShape(cursor: MatCursor): readonly number[] {
  const { source } = cursor;
  const { type, tag, start, length } = cursor.next();
  if ((type !== MI.int32 && type !== MI.uint32) || length % 4 !== 0) {
    throw source.malformed("a shape is not of 32-bit numbers", tag);
  }
  const axes = length / 4;
  if (axes < 2 || axes > MAX_AXES) {
    throw source.malformed(
      `an array has ${axes} axes, expected 2 to ${MAX_AXES}`,
      tag,
    );
  }
  const shape: number[] = [];
  for (let at = start; at < start + length; at += 4) {
    shape.push(source.int32(at));
  }
  if (shape.some((size) => size < 0)) {
    throw source.malformed(
      `a shape is ${shape.join(" x ")}, expected no negative size`,
      tag,
    );
  }
  return shape;
}
