import { DEFAULT_LIMITS } from "../base/limits.ts";
import type { Archive, Member, MemberPlace } from "./archive.ts";
import { indexedArchive } from "./indexed_archive.ts";
import { pathFault } from "./member_path.ts";

/** Archive of a {@linkcode mount}. */
export interface MountPart {
  /** Folder of the tree under which its members appear; `""` is the top. */
  readonly at: string;
  /** The archive. */
  readonly archive: Archive;
  /**
   * Folder of the archive whose members appear; others are left out.
   *
   * @default {""}
   */
  readonly from?: string;
}

interface MountEntry extends Member {
  readonly archive: Archive;
  readonly inner: string;
}

/**
 * Joins several archives, zips, folders or any mix, in one tree.
 *
 * Members are listed part by part, each in its own order. If two parts have the
 * same path, the member of the first is listed and read. Errors name the part's
 * own archive and the path there.
 *
 * @param parts Archives, and their folders in the tree.
 * @param name Name of the tree, for errors that concern no part.
 * @throws {RangeError} If `at` or `from` is no relative path of folders divided
 * by `/`.
 */
export function mount(parts: readonly MountPart[], name: string): Archive {
  const entries = new Map<string, MountEntry>();
  for (const part of parts) {
    for (const entry of partEntries(part)) {
      if (!entries.has(entry.path)) entries.set(entry.path, entry);
    }
  }
  const archives = new Set(parts.map(({ archive }) => archive));
  // Parts of one tree are opened with the same limits.
  const limits = parts[0]?.archive.limits ?? DEFAULT_LIMITS;
  return indexedArchive(name, [...entries.values()], limits, {
    stamp: () => [...archives].map(({ stamp }) => stamp).join(" and "),
    locate: ({ archive, inner }): MemberPlace => archive.locate(inner),
    read: ({ archive, inner }, options): Promise<Uint8Array> =>
      archive.read(inner, options),
    stream: ({ archive, inner }, options): ReadableStream<Uint8Array> =>
      archive.stream(inner, options),
    check: ({ archive, inner }, options): Promise<void> =>
      archive.check(inner, options),
    expect(entries, reads): void {
      for (const archive of archives) {
        const own = entries.filter((entry) => entry.archive === archive);
        archive.expect(own.map(({ inner }) => inner), reads);
      }
    },
  });
}

function partEntries({ at, archive, from = "" }: MountPart): MountEntry[] {
  const above = folderPrefix("at", at);
  const below = folderPrefix("from", from);
  return archive.members
    .filter(({ path }) => path.startsWith(below))
    .map(({ path, size }) => ({
      path: above + path.slice(below.length),
      size,
      archive,
      inner: path,
    }));
}

function folderPrefix(name: string, folder: string): string {
  if (folder === "") return "";
  const bare = folder.endsWith("/") ? folder.slice(0, -1) : folder;
  const fault = pathFault(bare);
  if (fault === undefined) return `${bare}/`;
  throw new RangeError(
    `Cannot mount: ${name} is ${folder}, expected a relative path (${fault})`,
  );
}
