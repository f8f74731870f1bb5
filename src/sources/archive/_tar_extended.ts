import type { TarInput } from "./_tar_input.ts";

/** What an extended header says about the entry that follows it. */
export interface TarExtended {
  readonly path?: string;
  readonly size?: number;
  /** Whether the body is not the file itself, holes being left out. */
  readonly isSparse?: boolean;
}

const DECODER = new TextDecoder("utf-8", { fatal: true });
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
