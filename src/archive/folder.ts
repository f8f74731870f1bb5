import {
  type FolderEntry,
  isLinkLoop,
  isNotFound,
  list,
  realPath,
  stat,
} from "../platform/files.ts";
import { ArchiveError, LimitError, UnsupportedError } from "../errors.ts";
import type { ReadOptions } from "../base/abort.ts";
import { join } from "../base/path.ts";
import { DEFAULT_LIMITS, type Limits, limitText } from "../base/limits.ts";
import type { Archive, ArchiveOptions, Member } from "./archive.ts";
import {
  type ByteSource,
  fileSource,
  ioError,
  statPath,
} from "./bytes/byte_source.ts";
import { indexedArchive } from "./indexed_archive.ts";
import { pullStream } from "./bytes/pull_stream.ts";

interface FileEntry extends Member {
  /** Time of the last change, in ms. */
  readonly modified: number;
  readonly source: ByteSource;
}

interface Walk {
  readonly root: string;
  readonly realRoot: string;
  readonly signal?: AbortSignal | undefined;
  readonly limits: Limits;
  readonly entries: FileEntry[];
}

/** Bytes of one read of a stream. */
const PIECE = 1 << 18;

/**
 * Opens a folder, such as an extracted zip, as an archive: lists every file below
 * it by its relative path, parts divided by `/` on every platform, in the order of
 * UTF-16 code units.
 *
 * A symbolic link to a file inside the folder is a member like any other. Links
 * that lead outside, to a folder or nowhere are errors, so that no session goes
 * missing unseen. The folder itself may be a link.
 *
 * - Offsets in errors are bytes of the file named as member.
 * - A file whose length has changed since it was listed is refused.
 * - Names that differ in case alone are distinct files if the file system has
 *   them so; in a zip they are refused.
 *
 * @param path Path of the folder.
 * @param options Ends the listing early; the limits.
 * @throws {DataNotFoundError} If the folder, or one in it, does not exist or may
 * not be read.
 * @throws {ArchiveError} If it is no folder.
 * @throws {UnsupportedError} If it has a link as above, or something that is
 * neither file nor folder.
 * @throws {LimitError} If it has more files, or folders deeper inside folders,
 * than the limits allow; when one is read, if that is too large.
 */
export async function openFolder(
  path: string,
  { signal, limits = DEFAULT_LIMITS }: ArchiveOptions = {},
): Promise<Archive> {
  const { isDirectory } = await statPath("open folder", path, { signal });
  if (!isDirectory) {
    throw new ArchiveError("Cannot open folder: it is no folder", {
      archive: path,
    });
  }
  const entries = await listFiles(path, limits, signal);
  return indexedArchive(path, entries, limits, {
    version: (entry) => entry.modified,
    read: (entry, options): Promise<Uint8Array> => {
      checkSize(path, entry, limits);
      return entry.source.read(0, entry.size, options);
    },
    stream: ({ source }, options): ReadableStream<Uint8Array> =>
      pullStream((signal) => filePieces(source, { signal }), options),
  });
}

async function listFiles(
  root: string,
  limits: Limits,
  signal?: AbortSignal,
): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  try {
    const realRoot = await realPath(root);
    await walk("", 0, { root, realRoot, signal, limits, entries });
  } catch (error) {
    signal?.throwIfAborted();
    throw ioError("open folder", error, { archive: root });
  }
  signal?.throwIfAborted();
  return entries.sort((a, b) => a.path < b.path ? -1 : 1);
}

async function walk(folder: string, depth: number, to: Walk): Promise<void> {
  const { root: archive, limits, entries } = to;
  if (depth > limits.nesting) {
    throw new LimitError(
      "Cannot open folder: folders are nested deeper: " +
        limitText(limits, "nesting"),
      { archive, member: folder },
    );
  }
  for await (const found of list(join(archive, folder))) {
    to.signal?.throwIfAborted();
    const path = folder === "" ? found.name : `${folder}/${found.name}`;
    if (found.isDirectory) await walk(path, depth + 1, to);
    else entries.push(await fileEntry(path, found, to));
    if (entries.length <= limits.members) continue;
    throw new LimitError(
      `Cannot open folder: it holds more files: ${
        limitText(limits, "members")
      }`,
      { archive, member: path },
    );
  }
}

function checkSize(
  archive: string,
  { path: member, size }: FileEntry,
  limits: Limits,
): void {
  if (size <= limits.memberBytes) return;
  throw new LimitError(
    `Cannot read file: it has ${size} bytes: ` +
      limitText(limits, "memberBytes"),
    { archive, member, offset: 0 },
  );
}

async function fileEntry(
  path: string,
  found: FolderEntry,
  { root, realRoot }: Walk,
): Promise<FileEntry> {
  const place = { archive: root, member: path };
  const onDisk = join(root, path);
  if (found.isSymlink && !await isInside(onDisk, realRoot)) {
    throw new UnsupportedError(
      "Cannot open folder: a link leads outside or nowhere",
      place,
    );
  }
  const { isFile, size, mtime } = await stat(onDisk);
  const modified = mtime?.getTime() ?? 0;
  if (isFile) {
    return { path, size, modified, source: fileSource(onDisk, size, place) };
  }
  throw new UnsupportedError(
    found.isSymlink
      ? "Cannot open folder: a link leads to a folder"
      : "Cannot open folder: neither a file nor a folder",
    place,
  );
}

async function isInside(link: string, realRoot: string): Promise<boolean> {
  try {
    const target = await realPath(link);
    return target.startsWith(join(realRoot, "/"));
  } catch (error) {
    if (isNotFound(error) || isLinkLoop(error)) return false;
    throw error;
  }
}

async function* filePieces(
  source: ByteSource,
  options: ReadOptions,
): AsyncGenerator<Uint8Array> {
  if (source.size === 0) await source.read(0, 0, options);
  for (let at = 0; at < source.size; at += PIECE) {
    const length = Math.min(PIECE, source.size - at);
    yield await source.read(at, length, options);
  }
}
