import { DOWNLOAD_AGAIN } from "../archive.ts";
import type { TarInput } from "./_input.ts";

/** Fields of an extended header, for the entry that follows it. */
export interface TarExtended {
  readonly path?: string;
  readonly size?: number;
  /** Whether the body leaves out the holes of the file. */
  readonly isSparse?: boolean;
}

const EQUALS = 0x3d;
const LINE_FEED = 0x0a;
const SPACE = 0x20;

/**
 * Reads the body of a PAX extended header: records `length key=value\n`.
 *
 * Source: POSIX.1-2017, pax, "pax Extended Header".
 *
 * @param at Byte of the tar where the body begins.
 * @throws {ArchiveError} If a record is damaged.
 */
export function paxExtended(
  body: Uint8Array,
  at: number,
  input: TarInput,
): TarExtended {
  let extended: TarExtended = {};
  for (let start = 0; start < body.length;) {
    const record = paxRecord(body.subarray(start));
    if (record === undefined) {
      throw input.malformed("an extended header is damaged", at + start);
    }
    const { length, key, value } = record;
    if (key === "path") extended = { ...extended, path: value };
    if (key.startsWith("GNU.sparse.")) {
      extended = { ...extended, isSparse: true };
    }
    if (key === "size") {
      const size = /^\d+$/.test(value) ? Number(value) : NaN;
      if (!Number.isSafeInteger(size)) {
        throw input.malformed(`a size is "${value}"`, at + start);
      }
      extended = { ...extended, size };
    }
    start += length;
  }
  return extended;
}

function paxRecord(
  bytes: Uint8Array,
): { length: number; key: string; value: string } | undefined {
  const space = bytes.subarray(0, 16).indexOf(SPACE);
  if (space < 1) return undefined;
  const digits = String.fromCharCode(...bytes.subarray(0, space));
  const length = /^\d+$/.test(digits) ? Number(digits) : 0;
  const equals = bytes.indexOf(EQUALS, space + 1);
  const isWhole = length <= bytes.length && bytes[length - 1] === LINE_FEED;
  if (!isWhole || equals <= space + 1 || equals >= length - 1) return undefined;
  try {
    const key = DECODER.decode(bytes.subarray(space + 1, equals));
    const value = DECODER.decode(bytes.subarray(equals + 1, length - 1));
    return { length, key, value };
  } catch {
    return undefined;
  }
}

/** Header block of an entry. */
export interface TarHeader {
  /** Path as stored, with its prefix. */
  readonly path: string;
  /** Bytes of the body, without padding. */
  readonly size: number;
  /** Typeflag; "0" also for a NUL. */
  readonly type: string;
  /** Byte of the tar where the header begins. */
  readonly at: number;
}

/** Bytes of a block. */
export const TAR_BLOCK = 512;

const POSIX = "ustar\x0000";
const GNU = "ustar  \0";
const DECODER = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a header block.
 *
 * Source: POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar 1.35 manual,
 * "Basic Tar Format".
 *
 * @throws {ArchiveError} If its checksum differs, or it is of neither format.
 */
export function tarHeader(
  block: Uint8Array,
  at: number,
  input: TarInput,
): TarHeader {
  const size = tarNumber(block.subarray(124, 136));
  const magic = String.fromCharCode(...block.subarray(257, 265));
  if (tarNumber(block.subarray(148, 156)) !== checksum(block)) {
    throw input.malformed(
      `a header's checksum differs${DOWNLOAD_AGAIN}`,
      at,
    );
  }
  if (magic !== POSIX && magic !== GNU) {
    throw input.malformed("a header is neither POSIX's nor GNU's", at);
  }
  if (size === undefined) throw input.malformed("a size is no number", at);
  const name = tarText(block.subarray(0, 100), at, input);
  const prefix = magic === POSIX
    ? tarText(block.subarray(345, 500), at, input)
    : "";
  const path = prefix === "" ? name : `${prefix}/${name}`;
  const flag = String.fromCharCode(...block.subarray(156, 157));
  const type = flag === "\0" ? "0" : flag;
  return { path, size, type, at };
}

/** Text up to a NUL or the end of the bytes. */
export function tarText(
  bytes: Uint8Array,
  at: number,
  input: TarInput,
): string {
  const end = bytes.indexOf(0);
  try {
    return DECODER.decode(end < 0 ? bytes : bytes.subarray(0, end));
  } catch (cause) {
    throw input.malformed("a name is not UTF-8", at, cause);
  }
}

/** Number in octal digits, or in GNU's binary form. */
function tarNumber(field: Uint8Array): number | undefined {
  if (field[0] === 0x80) {
    const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const text = String.fromCharCode(...field);
  const digits = /^ *([0-7]+)[ \0]*$/.exec(text)?.[1];
  return digits === undefined ? undefined : parseInt(digits, 8);
}

function checksum(block: Uint8Array): number {
  const blanks = 8 * 0x20;
  return block.reduce(
    (sum, byte, i) => i < 148 || i >= 156 ? sum + byte : sum,
    blanks,
  );
}
