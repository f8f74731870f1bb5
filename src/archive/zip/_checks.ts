import {
  ArchiveError,
  type DataErrorPlace,
  LimitError,
  UnsupportedError,
} from "../../errors.ts";
import { InflateError } from "../../platform/zlib.ts";
import {
  type Limits,
  limitText,
  MAX_INFLATE_RATIO,
} from "../../base/limits.ts";
import { DOWNLOAD_AGAIN } from "../archive.ts";
import type { ZipEntry } from "./_entries.ts";

/** Compression method of a member that is not compressed. */
export const STORED = 0;

const DEFLATED = 8;
/** Encrypted (0), strongly so (6), with masked headers (13). */
const ENCRYPTED_BITS = 0x2041;
const PATCH_BIT = 1 << 5;

const METHODS: Readonly<Record<number, string>> = {
  1: "shrink",
  6: "implode",
  9: "deflate64",
  12: "bzip2",
  14: "lzma",
  93: "zstd",
  95: "xz",
  98: "ppmd",
  99: "AES",
};

/**
 * Refuses a member that cannot be read, before any of it is read or allocated.
 *
 * @throws {UnsupportedError} If the member is encrypted, a link, or packed in
 * another way than stored or deflated.
 * @throws {ArchiveError} If it is stored and its two sizes differ.
 * @throws {LimitError} If its packed bytes cannot unpack to its size, or are
 * not allowed to.
 */
export function checkReadable(
  entry: ZipEntry,
  limits: Limits,
  place: DataErrorPlace,
): void {
  const { method, size, packedSize } = entry;
  const kind = unsupportedKind(entry);
  if (kind !== undefined) {
    throw new UnsupportedError(`Cannot read member: ${kind}`, place);
  }
  if (method === STORED && size !== packedSize) {
    throw new ArchiveError(
      `Cannot read member: ${size} bytes are stored in ${packedSize}`,
      place,
    );
  }
  if (size > packedSize * MAX_INFLATE_RATIO) {
    throw new LimitError(
      `Cannot read member: ${packedSize} bytes cannot unpack to ${size}`,
      place,
    );
  }
  if (size <= packedSize * limits.compressionRatio) return;
  throw new LimitError(
    `Cannot read member: ${packedSize} bytes claim to unpack to ${size}: ` +
      limitText(limits, "compressionRatio"),
    place,
  );
}

function unsupportedKind(
  { flags, isLink, method }: ZipEntry,
): string | undefined {
  if ((flags & ENCRYPTED_BITS) !== 0) return "it is encrypted";
  if ((flags & PATCH_BIT) !== 0) return "it is a patch";
  if (isLink) return "it is a symbolic link";
  if (method === STORED || method === DEFLATED) return undefined;
  const name = METHODS[method] ?? "unknown";
  return `it is packed with method ${method} (${name})`;
}

/** @throws {ArchiveError} If length or CRC of the unpacked bytes is wrong. */
export function checkEnd(
  size: number,
  crc: number,
  entry: ZipEntry,
  place: DataErrorPlace,
): void {
  if (size !== entry.size) {
    throw new ArchiveError(
      `Cannot read member: it unpacks to ${size} bytes, not ${entry.size}` +
        DOWNLOAD_AGAIN,
      place,
    );
  }
  if (crc !== entry.crc32) {
    throw new ArchiveError(
      `Cannot read member: its CRC is ${hex(crc)}, not ${hex(entry.crc32)}` +
        DOWNLOAD_AGAIN,
      place,
    );
  }
}

function hex(crc: number): string {
  return crc.toString(16).padStart(8, "0");
}

/** @throws {ArchiveError} If packed bytes are left over at the end. */
export function checkConsumed(
  consumed: number,
  { packedSize }: ZipEntry,
  place: DataErrorPlace,
): void {
  if (consumed === packedSize) return;
  throw new ArchiveError(
    `Cannot read member: it ends after ${consumed} of ${packedSize} bytes` +
      DOWNLOAD_AGAIN,
    place,
  );
}

/** Error of a member that unpacks to more than its directory entry says. */
export function tooLongError(
  entry: ZipEntry,
  place: DataErrorPlace,
): ArchiveError {
  return new ArchiveError(
    `Cannot read member: it unpacks to more than its ${entry.size} bytes` +
      DOWNLOAD_AGAIN,
    place,
  );
}

/** Error of a member that does not inflate; any other comes back unchanged. */
export function memberError(
  error: unknown,
  entry: ZipEntry,
  place: DataErrorPlace,
): unknown {
  if (!(error instanceof InflateError)) return error;
  if (error.isTooLong) return tooLongError(entry, place);
  const message = `Cannot read member: ${error.message}${DOWNLOAD_AGAIN}`;
  return new ArchiveError(message, { ...place, cause: error.cause });
}
