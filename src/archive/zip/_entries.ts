import { ArchiveError, LimitError } from "../../errors.ts";
import { type Limits, limitText } from "../../base/limits.ts";
import type { Member } from "../archive.ts";
import { FoldedPaths, pathExcess, pathFault } from "../member_path.ts";

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

/** An entry, which at first is only known to end where the directory starts. */
export interface FoundEntry extends Omit<ZipEntry, "limit"> {
  limit: number;
}

/**
 * The files of a directory, in its order.
 *
 * @param found Its entries, folders included; their limits are narrowed.
 * @param archive How errors name the zip.
 * @throws {ArchiveError} If two files have one path, be it on a system that
 * does not tell cases apart, a path could name something outside the archive,
 * or an entry contradicts itself.
 * @throws {LimitError} If a path is longer or deeper than the limits allow.
 */
export function zipEntries(
  found: readonly FoundEntry[],
  limits: Limits,
  archive: string,
): ZipEntry[] {
  narrowLimits(found);
  const taken = new FoldedPaths();
  const entries: ZipEntry[] = [];
  for (const entry of found) {
    const { path: member, offset } = entry;
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
    if (!isFolder) entries.push(entry);
  }
  return entries;
}

// Whatever starts next ends a member: entries that share bytes (some zip bombs
// do, and damaged directories) fail this bound when they are read.
function narrowLimits(found: readonly FoundEntry[]): void {
  const byOffset = [...found].sort((a, b) => a.offset - b.offset);
  byOffset.forEach((entry, i) => {
    const next = byOffset[i + 1]?.offset ?? entry.limit;
    entry.limit = Math.min(next, entry.limit);
  });
}

function entryFault(entry: ZipEntry, isFolder: boolean): string | undefined {
  return isFolder && entry.size !== 0
    ? "its path is a folder's, yet it holds data"
    : undefined;
}
