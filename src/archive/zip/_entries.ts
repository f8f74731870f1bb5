import { ArchiveError, LimitError } from "../../errors.ts";
import { type Limits, limitText } from "../../base/limits.ts";
import type { Member } from "../archive.ts";
import { FoldedPaths, pathExcess, pathFault } from "../member_path.ts";

/** Characters of a path too long that its error shows. */
const SHOWN = 40;

/** File as the directory of a zip describes it. */
export interface ZipEntry extends Member {
  /** Length in bytes when packed. */
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
  /** Byte where the next entry, or the directory, starts. */
  readonly limit: number;
  /** Path as stored. */
  readonly rawPath: Uint8Array;
  /** Length of the extra field in the directory. */
  readonly extraLength: number;
}

/** Entry whose limit is the start of the directory at first. */
export interface FoundEntry extends Omit<ZipEntry, "limit"> {
  limit: number;
}

/**
 * Files of a directory, in its order.
 *
 * @param found Entries, folders included; their limits are narrowed.
 * @param archive Name of the zip in errors.
 * @throws {ArchiveError} If two files have one path, or paths that differ in case
 * alone, a path leads outside the archive, or an entry contradicts itself.
 * @throws {LimitError} If a path is longer or deeper than the limits allow.
 */
export function zipEntries(
  found: readonly FoundEntry[],
  limits: Limits,
  archive: string,
): ZipEntry[] {
  narrowLimits(found);
  const paths = new FoldedPaths();
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
      paths.add(path, isFolder);
    if (fault !== undefined) {
      throw new ArchiveError(`Cannot open zip: ${fault}`, place);
    }
    if (!isFolder) entries.push(entry);
  }
  return entries;
}

// A member ends where the next entry starts: entries that share bytes (some zip
// bombs do, and damaged directories) exceed this bound when they are read.
function narrowLimits(found: readonly FoundEntry[]): void {
  const byOffset = [...found].sort((a, b) => a.offset - b.offset);
  byOffset.forEach((entry, i) => {
    const next = byOffset[i + 1]?.offset ?? entry.limit;
    entry.limit = Math.min(next, entry.limit);
  });
}

function entryFault(entry: ZipEntry, isFolder: boolean): string | undefined {
  return isFolder && entry.size !== 0
    ? "its path is a folder's, yet it has data"
    : undefined;
}
