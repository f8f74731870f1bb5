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

/** An entry as a directory has it: where it ends is no part of that. */
export type ListedEntry = Omit<ZipEntry, "limit">;

/** What zip.js makes of a directory. */
export interface Reference {
  readonly entries: readonly ListedEntry[];
  /** What it warns of, but for what leaves no doubt about any byte. */
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
 * The files that zip.js lists. It takes a Zip64 end that nothing asks for, as
 * Info-ZIP writes from a pipe, for data behind the directory: it gets the zip
 * without.
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
