import type { Entry } from "@zip-js/zip-js";
import { ArchiveError, LimitError } from "../../errors.ts";
import { limitText } from "../_checked_limits.ts";
import type { Limits } from "../limits.ts";
import type { Member } from "./archive.ts";
import { FoldedPaths } from "./_folded_paths.ts";
import { pathExcess, pathFault } from "./_member_path.ts";

/** Characters of a path too long that its error shows. */
const SHOWN = 40;

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

/** What is kept of an entry as zip.js gives it, which takes some 10 kB. */
export type FoundEntry = Pick<
  Entry,
  | "filename"
  | "uncompressedSize"
  | "compressedSize"
  | "crc32"
  | "compressionMethod"
  | "rawBitFlag"
  | "symlink"
  | "offset"
  | "diskNumberStart"
  | "rawFilename"
  | "rawExtraField"
  | "rawComment"
>;

/** Lets go of everything else. */
export function foundEntry(entry: Entry): FoundEntry {
  return {
    filename: entry.filename,
    uncompressedSize: entry.uncompressedSize,
    compressedSize: entry.compressedSize,
    crc32: entry.crc32,
    compressionMethod: entry.compressionMethod,
    rawBitFlag: entry.rawBitFlag,
    symlink: entry.symlink,
    offset: entry.offset,
    diskNumberStart: entry.diskNumberStart,
    rawFilename: entry.rawFilename,
    rawExtraField: entry.rawExtraField,
    rawComment: entry.rawComment,
  };
}

/**
 * The files of a directory, in its order.
 *
 * @param found What zip.js has found in it, folders included.
 * @param directoryOffset Byte at which it starts.
 * @param archive How errors name the zip.
 * @throws {ArchiveError} If two files have one path, be it on a system that
 * does not tell cases apart, a path could name something outside the archive,
 * or an entry contradicts itself.
 * @throws {LimitError} If a path is longer or deeper than the limits allow.
 */
export function zipEntries(
  found: readonly FoundEntry[],
  directoryOffset: number,
  limits: Limits,
  archive: string,
): ZipEntry[] {
  const ends = endsOf(found, directoryOffset);
  const taken = new FoldedPaths();
  const entries: ZipEntry[] = [];
  for (const entry of found) {
    const { filename: member, offset } = entry;
    const isFolder = member.endsWith("/");
    const path = isFolder ? member.slice(0, -1) : member;
    const place = { archive, member, offset };
    const excess = pathExcess(path, limits);
    if (excess !== undefined) {
      const [why, name] = excess;
      const rule = limitText(limits, name);
      throw new LimitError(`Cannot open zip: ${why}: ${rule}`, {
        ...place,
        member: `${member.slice(0, SHOWN)}...`,
      });
    }
    const fault = pathFault(path) ?? entryFault(entry, isFolder) ??
      taken.add(path, isFolder);
    if (fault !== undefined) {
      throw new ArchiveError(`Cannot open zip: ${fault}`, place);
    }
    const limit = ends.get(entry) ?? directoryOffset;
    if (!isFolder) entries.push(zipEntry(entry, limit));
  }
  return entries;
}

// Whatever starts next ends a member: entries that share bytes (some zip bombs
// do, and damaged directories) fail this bound when they are read.
function endsOf(
  found: readonly FoundEntry[],
  directoryOffset: number,
): Map<FoundEntry, number> {
  const byOffset = [...found].sort((a, b) => a.offset - b.offset);
  return new Map(byOffset.map((entry, i) => {
    const next = byOffset[i + 1]?.offset ?? directoryOffset;
    return [entry, Math.min(next, directoryOffset)];
  }));
}

function entryFault(entry: FoundEntry, isFolder: boolean): string | undefined {
  if (entry.diskNumberStart !== 0) return "it lies in another part of a split";
  if (isFolder && entry.uncompressedSize !== 0) {
    return "its path is a folder's, yet it holds data";
  }
  return undefined;
}

function zipEntry(entry: FoundEntry, limit: number): ZipEntry {
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
