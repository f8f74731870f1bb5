import { type MatCursor, MI } from "./_mat_cursor.ts";
import { nameBytes, textOfUnits } from "./_mat_names.ts";
import type { MatClass } from "./mat_value.ts";

// By the code in the array flags: "MAT-File Format", table 1-3, and 16 and 17,
// which it leaves out.
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

/** What stands in front of the content of every array. */
export interface MatHeader {
  readonly class: MatClass;
  readonly logical: boolean;
  readonly complex: boolean;
  /** Empty for `opaque`, which has none. */
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
  const shape = Array.from(
    { length: axes },
    (_, axis) => source.int32(start + 4 * axis),
  );
  if (shape.some((size) => size < 0)) {
    throw source.malformed(
      `a shape is ${shape.join(" x ")}, expected no negative size`,
      tag,
    );
  }
  return shape;
}
