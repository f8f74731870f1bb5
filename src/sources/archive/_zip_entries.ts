import type { Entry } from "@zip-js/zip-js";
import { ArchiveError } from "../../errors.ts";
import type { Member } from "./archive.ts";
import { pathFault } from "./_member_path.ts";

/** What the directory of a zip says of a file. */
export interface ZipEntry extends Member {
  /** Length in bytes as it is packed. */
  readonly packedSize: number;
  /** CRC-32 of the unpacked bytes. */
  readonly crc32: number;
  /** Compression method: 0 stored, 8 deflated. */
  readonly method: number;
  /** General purpose bits, APPNOTE 4.4.4. */
  readonly flags: number;
  /** Whether its bytes are the target of a symbolic link. */
  readonly isLink: boolean;
  /** Byte of its local header. */
  readonly offset: number;
  /** Byte at which the next thing in the archive starts. */
  readonly limit: number;
  /** Its path as stored. */
  readonly rawPath: Uint8Array;
  /** Length of its extra field in the directory. */
  readonly extraLength: number;
}

/**
 * The files of a directory, in its order.
 *
 * @param found What zip.js has found in it, folders included.
 * @param directoryOffset Byte at which it starts.
 * @param archive How errors name the zip.
 * @throws {ArchiveError} If two files have one path, a path could name
 * something outside the archive, or an entry contradicts itself.
 */
export function zipEntries(
  found: readonly Entry[],
  directoryOffset: number,
  archive: string,
): ZipEntry[] {
  const limits = limitsOf(found, directoryOffset);
  const entries = new Map<string, ZipEntry>();
  for (const entry of found) {
    const { filename: member, offset } = entry;
    const isFolder = member.endsWith("/");
    const path = isFolder ? member.slice(0, -1) : member;
    const fault = pathFault(path) ?? entryFault(entry, isFolder) ??
      (entries.has(path) ? "another file has its path" : undefined);
    if (fault !== undefined) {
      const place = { archive, member, offset };
      throw new ArchiveError(`Cannot open zip: ${fault}`, place);
    }
    const limit = limits.get(entry) ?? directoryOffset;
    if (!isFolder) entries.set(path, zipEntry(entry, limit));
  }
  return [...entries.values()];
}

// Whatever starts next ends a member: entries that share bytes (some zip bombs
// do, and damaged directories) fail this bound when they are read.
function limitsOf(
  found: readonly Entry[],
  directoryOffset: number,
): Map<Entry, number> {
  const byOffset = [...found].sort((a, b) => a.offset - b.offset);
  return new Map(byOffset.map((entry, i) => {
    const next = byOffset[i + 1]?.offset ?? directoryOffset;
    return [entry, Math.min(next, directoryOffset)];
  }));
}

function entryFault(entry: Entry, isFolder: boolean): string | undefined {
  if (entry.diskNumberStart !== 0) return "it lies in another part of a split";
  if (isFolder && entry.uncompressedSize !== 0) {
    return "its path is a folder's, yet it holds data";
  }
  return undefined;
}

function zipEntry(entry: Entry, limit: number): ZipEntry {
  return {
    path: entry.filename,
    size: entry.uncompressedSize,
    packedSize: entry.compressedSize,
    // AES (AE-2) has none; such a member is refused when read.
    crc32: entry.crc32 ?? 0,
    method: entry.compressionMethod,
    flags: entry.rawBitFlag ?? 0,
    isLink: entry.symlink,
    offset: entry.offset,
    limit,
    rawPath: entry.rawFilename,
    extraLength: entry.rawExtraField.length,
  };
}
