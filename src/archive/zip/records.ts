/**
 * Records of a zip whose members are stored unpacked: zip.js keeps an entry per
 * member in memory and cannot continue a zip that was begun.
 *
 * Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.14 to 16.
 *
 * @module
 */

/** Most bytes of a member, whose sizes are not in Zip64. */
export const MAX_MEMBER = 0xfffffffe;

/** Stored member. */
export interface StoredMember {
  /** Path, ASCII. */
  readonly path: string;
  /** Bytes, at most {@linkcode MAX_MEMBER}. */
  readonly size: number;
  readonly crc32: number;
  /** Byte of the zip where its local header begins. */
  readonly offset: number;
}

const ENCODER = new TextEncoder();
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
/** 4.5: Zip64. */
const VERSION = 45;
/** 1980-01-01, the first possible day: files do not depend on the clock. */
const DATE = 0x21;
const IN_ZIP64 = 0xffffffff;

/** Header before a member's bytes. */
export function localHeader({ path, size, crc32 }: StoredMember): Uint8Array {
  const name = ENCODER.encode(path);
  const out = new Fields(30 + name.length);
  out.u32(LOCAL).u16(VERSION).u16(0).u16(0).u16(0).u16(DATE);
  out.u32(crc32).u32(size).u32(size).u16(name.length).u16(0);
  return out.bytes(name).done;
}

/** Entry of a member in the directory. */
export function centralHeader(member: StoredMember): Uint8Array {
  const { path, size, crc32, offset } = member;
  const name = ENCODER.encode(path);
  const isFar = offset >= IN_ZIP64;
  const out = new Fields(46 + name.length + (isFar ? 12 : 0));
  out.u32(CENTRAL).u16(VERSION).u16(VERSION).u16(0).u16(0).u16(0).u16(DATE);
  out.u32(crc32).u32(size).u32(size).u16(name.length).u16(isFar ? 12 : 0);
  out.u16(0).u16(0).u16(0).u32(0).u32(isFar ? IN_ZIP64 : offset).bytes(name);
  if (isFar) out.u16(1).u16(8).u64(offset);
  return out.done;
}

/**
 * Records at the end of a zip.
 *
 * @param members Number of members.
 * @param offset Byte where the directory begins.
 * @param size Bytes of the directory.
 */
export function endRecords(
  members: number,
  offset: number,
  size: number,
): Uint8Array {
  const out = new Fields(56 + 20 + 22);
  out.u32(END_64).u64(44).u16(VERSION).u16(VERSION).u32(0).u32(0);
  out.u64(members).u64(members).u64(size).u64(offset);
  out.u32(LOCATOR_64).u32(0).u64(offset + size).u32(1);
  const count = Math.min(members, 0xffff);
  out.u32(END).u16(0).u16(0).u16(count).u16(count);
  out.u32(Math.min(size, IN_ZIP64)).u32(Math.min(offset, IN_ZIP64)).u16(0);
  return out.done;
}

/** Little-endian fields, one after the other. */
class Fields {
  readonly done: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(length: number) {
    this.done = new Uint8Array(length);
    this.#view = new DataView(this.done.buffer);
  }

  u16(value: number): this {
    this.#view.setUint16(this.#at, value, true);
    this.#at += 2;
    return this;
  }

  u32(value: number): this {
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
    return this;
  }

  u64(value: number): this {
    this.#view.setBigUint64(this.#at, BigInt(value), true);
    this.#at += 8;
    return this;
  }

  bytes(bytes: Uint8Array): this {
    this.done.set(bytes, this.#at);
    this.#at += bytes.length;
    return this;
  }
}
