import {
  Uint8ArrayReader,
  WARNING_COMPRESSED_PATCHED_DATA,
  WARNING_DUPLICATE_FILENAME,
  WARNING_MALFORMED_EXTRA_FIELD,
  WARNING_PREPENDED_DATA,
  WARNING_UNKNOWN_VERSION,
  WARNING_UNSORTED_CENTRAL_DIRECTORY,
  WARNING_WRAPPED_ENTRIES_COUNT,
  ZipReader,
} from "@zip-js/zip-js";
import type { ZipEntry } from "../../../src/archive/zip/_entries.ts";

/** Entry as the directory has it, without its end. */
export type ListedEntry = Omit<ZipEntry, "limit">;

/** Directory as zip.js reads it. */
export interface Reference {
  readonly entries: readonly ListedEntry[];
  /** Warnings, without those that leave every byte certain. */
  readonly doubts: readonly string[];
}

const NO_DOUBT: ReadonlySet<string> = new Set([
  WARNING_PREPENDED_DATA,
  WARNING_UNSORTED_CENTRAL_DIRECTORY,
  WARNING_UNKNOWN_VERSION,
  WARNING_MALFORMED_EXTRA_FIELD,
  WARNING_WRAPPED_ENTRIES_COUNT,
  WARNING_DUPLICATE_FILENAME,
  WARNING_COMPRESSED_PATCHED_DATA,
]);

/**
 * Files that zip.js lists. It mistakes a spare Zip64 end, which Info-ZIP writes to
 * a pipe, for data after the directory: that end is removed first.
 *
 * @throws {Error} If it lists none, of no class of ours.
 */
export async function zipJsListing(bytes: Uint8Array): Promise<Reference> {
  const source = new Uint8ArrayReader(withoutSpareEnd(bytes));
  const reader = new ZipReader(source, {
    filenameValidation: "tolerant",
    decodeText: (raw, encoding, type) =>
      encoding !== "utf-8" || type === "comment" ? undefined : decoded(raw),
  });
  const entries = await reader.getEntries();
  return {
    entries: entries
      .filter(({ filename }) => !filename.endsWith("/"))
      .map((entry) => ({
        path: entry.filename,
        size: entry.uncompressedSize,
        packedSize: entry.compressedSize,
        crc32: entry.crc32 ?? NaN,
        method: entry.compressionMethod,
        flags: entry.rawBitFlag ?? NaN,
        isLink: entry.symlink,
        offset: entry.offset,
        rawPath: entry.rawFilename,
        extraLength: entry.rawExtraField.length,
      })),
    doubts: (reader.warnings ?? [])
      .map(({ reason }) => reason)
      .filter((reason) => !NO_DOUBT.has(reason)),
  };
}

function decoded(raw: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
}

function withoutSpareEnd(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - 22;
  const spare = end - 20 - 56;
  if (spare < 0) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isThere = view.getUint32(spare, true) === 0x06064b50 &&
    view.getUint32(end - 20, true) === 0x07064b50 &&
    view.getUint32(end, true) === 0x06054b50;
  const isNeeded = view.getUint16(end + 6, true) === 0xffff ||
    view.getUint16(end + 10, true) === 0xffff ||
    view.getUint32(end + 12, true) === 0xffffffff ||
    view.getUint32(end + 16, true) === 0xffffffff;
  if (!isThere || isNeeded) return bytes;
  const shorter = bytes.slice(0, bytes.length - 76);
  shorter.set(bytes.subarray(end), spare);
  return shorter;
}
