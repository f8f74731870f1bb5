import type { Hdf5Cursor } from "./_hdf5_cursor.ts";
import { hdf5Messages, MESSAGE } from "./_hdf5_header.ts";

/** What the header of a chunked float64 dataset says. */
export interface Hdf5Dataset {
  /** What errors call it. */
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
  // What would fill a missing chunk does not matter: it is refused.
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
