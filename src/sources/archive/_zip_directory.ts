import {
  type Entry,
  ERR_ENCRYPTED_CENTRAL_DIRECTORY,
  ERR_EOCDR_NOT_FOUND,
  ERR_SPLIT_ZIP_FILE,
  WARNING_COMPRESSED_PATCHED_DATA,
  WARNING_DUPLICATE_FILENAME,
  WARNING_MALFORMED_EXTRA_FIELD,
  WARNING_PREPENDED_DATA,
  WARNING_TRAILING_CENTRAL_DIRECTORY_DATA,
  WARNING_UNKNOWN_VERSION,
  WARNING_UNSORTED_CENTRAL_DIRECTORY,
  WARNING_WRAPPED_ENTRIES_COUNT,
  ZipReader,
} from "@zip-js/zip-js";
import {
  ArchiveError,
  DataError,
  LimitError,
  UnsupportedError,
} from "../../errors.ts";
import type { ReadOptions } from "../../session.ts";
import { limitText } from "../_checked_limits.ts";
import type { Limits } from "../limits.ts";
import type { ByteSource } from "./_byte_source.ts";
import {
  type FoundEntry,
  foundEntry,
  zipEntries,
  type ZipEntry,
} from "./_zip_entries.ts";
import { TailReader } from "./_zip_tail_reader.ts";

interface Directory {
  readonly found: readonly FoundEntry[];
  readonly offset: number;
}

const CENTRAL_HEADER = 46;
const ZIP64_END_SIGNATURE = 0x06064b50;

/** What zip.js warns of and which leaves no doubt about any byte. */
const HARMLESS = new Set([
  WARNING_PREPENDED_DATA,
  WARNING_UNSORTED_CENTRAL_DIRECTORY,
  WARNING_UNKNOWN_VERSION,
  WARNING_MALFORMED_EXTRA_FIELD,
  // Counts wrap at 65,536 without Zip64; zip.js has then counted the entries.
  WARNING_WRAPPED_ENTRIES_COUNT,
  // Refused by zipEntries where they are files.
  WARNING_DUPLICATE_FILENAME,
  // Refused when such a member is read.
  WARNING_COMPRESSED_PATCHED_DATA,
]);

/**
 * Reads the directory of a zip and nothing else: one read where it lies in the
 * last 64 KiB, which are searched for its end, else two or a few.
 *
 * A directory that can be read in two ways is refused: data after its end,
 * entries that it does not count, offsets that do not agree. A program in front
 * of the zip (self-extracting) is passed over.
 *
 * @returns The files in the directory's order.
 * @throws {ArchiveError} If this is no zip, or its directory is damaged.
 * @throws {UnsupportedError} If the directory is encrypted or the zip split.
 * @throws {LimitError} If it claims to be larger, or to list more files, than
 * the limits allow.
 */
export async function readZipDirectory(
  source: ByteSource,
  limits: Limits,
  { signal }: ReadOptions = {},
): Promise<ZipEntry[]> {
  signal?.throwIfAborted();
  const { found, offset } = await findEntries(source, limits, { signal });
  return zipEntries(found, offset, limits, source.name);
}

async function findEntries(
  source: ByteSource,
  limits: Limits,
  options: ReadOptions,
): Promise<Directory> {
  const reader = new TailReader(source, limits, options);
  try {
    return await parse(source.name, limits, reader);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw directoryError(error, source.name, reader.lastOffset);
  }
}

async function parse(
  archive: string,
  limits: Limits,
  reader: TailReader,
): Promise<Directory> {
  const zip = new ZipReader(reader, {
    filenameValidation: "tolerant",
    decodeText,
  });
  const found: FoundEntry[] = [];
  for await (const entry of zip.getEntriesGenerator()) {
    if (found.length === limits.members) throw tooMany(archive, limits, entry);
    found.push(foundEntry(entry));
  }
  const { directoryOffset: offset = 0, directoryLength = 0 } = zip;
  const refuse = (reason: string): never => {
    throw new ArchiveError(`Cannot open zip: ${reason}`, { archive, offset });
  };
  // zip.js takes what is left of a directory or comment.
  if (reader.isCutShort) refuse("it is cut short");
  for (const { reason } of zip.warnings ?? []) {
    if (HARMLESS.has(reason)) continue;
    if (
      reason === WARNING_TRAILING_CENTRAL_DIRECTORY_DATA &&
      lengthOf(found) === directoryLength &&
      await isZip64End(reader, offset + directoryLength)
    ) continue;
    refuse(reason);
  }
  return { found, offset };
}

function tooMany(
  archive: string,
  limits: Limits,
  { filename: member, offset }: Entry,
): LimitError {
  const rule = limitText(limits, "members");
  return new LimitError(`Cannot open zip: it lists more files: ${rule}`, {
    archive,
    member,
    offset,
  });
}

function lengthOf(found: readonly FoundEntry[]): number {
  return found.reduce(
    (sum, { rawFilename, rawExtraField, rawComment }) =>
      sum + CENTRAL_HEADER + rawFilename.length + rawExtraField.length +
      rawComment.length,
    0,
  );
}

// A Zip64 record may stand where the plain one would do (Info-ZIP writes so
// from a pipe): zip.js takes it for data after the directory.
async function isZip64End(
  reader: TailReader,
  offset: number,
): Promise<boolean> {
  const { buffer, byteLength } = await reader.readUint8Array(offset, 4);
  return byteLength === 4 &&
    new DataView(buffer).getUint32(0, true) === ZIP64_END_SIGNATURE;
}

// zip.js puts U+FFFD for what is no UTF-8: two names could become one.
function decodeText(
  bytes: Uint8Array,
  encoding: string,
  type?: string,
): string | undefined {
  if (encoding !== "utf-8" || type === "comment") return undefined;
  return new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
    .decode(bytes);
}

function directoryError(
  error: unknown,
  archive: string,
  offset: number,
): DataError {
  if (error instanceof DataError) return error;
  const { message, reason } = error as Error & { reason?: string };
  const isUnsupported = message === ERR_SPLIT_ZIP_FILE ||
    message === ERR_ENCRYPTED_CENTRAL_DIRECTORY;
  const FaultClass = isUnsupported ? UnsupportedError : ArchiveError;
  const text = message === ERR_EOCDR_NOT_FOUND
    ? "no directory at its end, it is no zip or is cut short"
    : [message, reason].filter(Boolean).join(", ");
  return new FaultClass(`Cannot open zip: ${text}`, {
    archive,
    offset,
    cause: error,
  });
}
