import type { TarInput } from "./_tar_input.ts";

/** What the header block of an entry says. */
export interface TarHeader {
  /** Path as stored, a prefix put before it. */
  readonly path: string;
  /** Bytes of its body, padding not counted. */
  readonly size: number;
  /** Its typeflag; a NUL is told as "0". */
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
    throw input.malformed("a header's checksum differs", at);
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
  const type = block[156] === 0 ? "0" : String.fromCharCode(block[156]);
  return { path, size, type, at };
}

/** A text that ends at a NUL, or with its bytes. */
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

/** A field in octal digits, or GNU's binary one. */
function tarNumber(field: Uint8Array): number | undefined {
  if (field[0] === 0x80) {
    const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const digits = /^ *([0-7]+)[ \0]*$/.exec(String.fromCharCode(...field));
  return digits === null ? undefined : parseInt(digits[1], 8);
}

function checksum(block: Uint8Array): number {
  const blanks = 8 * 0x20;
  return block.reduce(
    (sum, byte, i) => i < 148 || i >= 156 ? sum + byte : sum,
    blanks,
  );
}
