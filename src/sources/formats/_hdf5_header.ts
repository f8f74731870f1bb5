import type { Hdf5Cursor } from "./_hdf5_cursor.ts";

/** Types of header messages that matter. */
export const MESSAGE = {
  dataspace: 0x01,
  datatype: 0x03,
  fillValue: 0x05,
  layout: 0x08,
  filters: 0x0b,
  symbolTable: 0x11,
} as const;

/** NIL, attribute, comment, times: they say nothing about the values. */
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
 * @param what What errors call the object.
 * @returns Its messages by type.
 * @throws {FormatError} If it is damaged, or has two messages of one type.
 * @throws {UnsupportedError} If it has another version, or a message that is
 * not read here.
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
  const blocks = [file.at(address + PREFIX_BYTES, prefix.skip(4).u32())];
  // Every message counts, so that blocks that lead to one another end, too.
  for (let seen = 0; seen < count; seen++) {
    while (blocks.length > 1 && blocks[0].left === 0) blocks.shift();
    const [block] = blocks;
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
    else blocks.push(file.at(body.u64(), body.u64()));
  }
  return messages;
}
