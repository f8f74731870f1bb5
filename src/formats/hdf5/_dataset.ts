import type { Hdf5Cursor } from "./_cursor.ts";

/** Types of the header messages that are read. */
export const MESSAGE = {
  dataspace: 0x01,
  datatype: 0x03,
  fillValue: 0x05,
  layout: 0x08,
  filters: 0x0b,
  symbolTable: 0x11,
} as const;

/** NIL, attribute, comment, times: the values do not depend on them. */
const IGNORED = [0x00, 0x0c, 0x0d, 0x0e, 0x12];
const CONTINUATION = 0x10;
const KNOWN: readonly number[] = [...Object.values(MESSAGE), CONTINUATION];
const PREFIX_BYTES = 16;
const SHARED = 2;

/**
 * Reads a version 1 object header.
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.1.a and IV.A.2.
 *
 * @param what Name of the object in errors.
 * @returns Its messages by type.
 * @throws {FormatError} If it is damaged, or has two messages of one type.
 * @throws {UnsupportedError} If it has another version, or a message of a type
 * that is not read.
 */
export function hdf5Messages(
  file: Hdf5Cursor,
  address: number,
  what: string,
): ReadonlyMap<number, Hdf5Cursor> {
  const prefix = file.at(address, PREFIX_BYTES)
    .version(`the header of ${what}`, 1).skip(1);
  const count = prefix.u16();
  const messages = new Map<number, Hdf5Cursor>();
  let block = file.at(address + PREFIX_BYTES, prefix.skip(4).u32());
  const further: Hdf5Cursor[] = [];
  // Every message counts, so that blocks that lead to one another end, too.
  for (let seen = 0; seen < count; seen++) {
    while (block.left === 0 && further.length > 0) {
      block = further.shift() ?? block;
    }
    const at = block.position;
    const [type, size, flags] = [block.u16(), block.u16(), block.u8()];
    const body = file.at(block.skip(3).position, size);
    block.skip(size);
    if (IGNORED.includes(type)) continue;
    if (!KNOWN.includes(type) || (flags & SHARED) !== 0) {
      const why = `${what} has a message of type ${type} and flags ${flags}`;
      throw file.unsupported(why, at);
    }
    if (messages.has(type)) {
      throw file.malformed(`${what} has two messages of type ${type}`, at);
    }
    if (type !== CONTINUATION) messages.set(type, body);
    else further.push(file.at(body.u64(), body.u64()));
  }
  return messages;
}

/** Header of a chunked float64 dataset. */
export interface Hdf5Dataset {
  /** Name in errors. */
  readonly what: string;
  /** Address of the header. */
  readonly at: number;
  /** Elements per axis. */
  readonly shape: readonly number[];
  /** Elements of a chunk per axis. */
  readonly chunk: readonly number[];
  /** Address of the tree of chunks, undefined before the first one. */
  readonly tree: number | undefined;
  /** Whether chunks are deflated. */
  readonly isDeflated: boolean;
}

const MAX_RANK = 32;
const CHUNKED = 2;
const DEFLATE = 1;
/** Class 1 version 1, bit field, size, offset, precision, exponent, mantissa. */
const FLOAT64_LE = [
  ...[0x11, 0x20, 0x3f, 0, 8, 0, 0, 0],
  ...[0, 0, 64, 0, 52, 11, 0, 52, 0xff, 3, 0, 0],
];

/**
 * Reads the header of a dataset.
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.2.b, d, f, i and l.
 *
 * @throws {FormatError} If it is damaged.
 * @throws {UnsupportedError} If it is no chunked dataset of little-endian
 * float64, deflated at most.
 */
export function hdf5Dataset(
  file: Hdf5Cursor,
  at: number,
  name: string,
): Hdf5Dataset {
  const what = `dataset "${name}"`;
  const messages = hdf5Messages(file, at, what);
  if (messages.has(MESSAGE.symbolTable)) {
    throw file.unsupported(`${what} is a group`, at);
  }
  const message = (type: number): Hdf5Cursor => {
    const found = messages.get(type);
    if (found !== undefined) return found;
    throw file.malformed(`${what} has no message of type ${type}`, at);
  };
  const shape = shapeOf(message(MESSAGE.dataspace), what);
  checkFloat64(message(MESSAGE.datatype), what);
  // Missing chunks are refused, so that the fill value does not matter.
  messages.get(MESSAGE.fillValue)?.version(`the fill value of ${what}`, 2);
  const isDeflated = checkFilters(messages.get(MESSAGE.filters), what);
  const layout = layoutOf(message(MESSAGE.layout), shape.length, what);
  return { what, at, shape, ...layout, isDeflated };
}

function shapeOf(space: Hdf5Cursor, what: string): number[] {
  const at = space.position;
  const rank = space.version(`the dataspace of ${what}`, 1).u8();
  const flags = space.u8();
  if (rank < 1 || rank > MAX_RANK || flags > 1) {
    throw space.unsupported(`${what} has ${rank} axes, flags ${flags}`, at);
  }
  space.skip(5);
  return Array.from({ length: rank }, () => space.u64());
}

function checkFloat64(type: Hdf5Cursor, what: string): void {
  const at = type.position;
  const start = type.raw(Math.min(FLOAT64_LE.length, type.left));
  if (FLOAT64_LE.every((byte, i) => byte === start[i])) return;
  throw type.unsupported(`${what} is not little-endian float64`, at);
}

function layoutOf(
  layout: Hdf5Cursor,
  rank: number,
  what: string,
): Pick<Hdf5Dataset, "tree" | "chunk"> {
  const at = layout.position;
  const kind = layout.version(`the layout of ${what}`, 3).u8();
  if (kind !== CHUNKED) {
    throw layout.unsupported(`${what} has layout ${kind}, not chunks`, at);
  }
  const axes = layout.u8();
  const tree = layout.address();
  const sizes = Array.from({ length: axes }, () => layout.u32());
  const isSound = axes === rank + 1 && sizes[rank] === 8 && !sizes.includes(0);
  if (isSound) return { tree, chunk: sizes.slice(0, rank) };
  throw layout.malformed(`${what} has chunks of [${sizes}]`, at);
}

function checkFilters(filters: Hdf5Cursor | undefined, what: string): boolean {
  if (filters === undefined) return false;
  const at = filters.position;
  const count = filters.version(`the filters of ${what}`, 1).u8();
  const id = filters.skip(6).u16();
  if (count === 1 && id === DEFLATE) return true;
  throw filters.unsupported(
    `${what} has ${count} filters, the first of id ${id}, expected deflate`,
    at,
  );
}
