import {
  isForbidden,
  isNotFound,
  makeFolder,
  readText,
  remove,
} from "../../platform/files.ts";
import { writeWhole } from "../../base/part_file.ts";
import { dirname, join } from "../../base/path.ts";
import { ioError } from "../../archive/bytes/byte_source.ts";
import { dataFolder } from "../../publishers/data_path.ts";
import type { WingertRelease } from "./_release.ts";

/** Cells that each recording lists, by the recording's path. */
export type ChannelsByPath = Map<string, readonly string[]>;

/** Raised with the layout of the file. */
const VERSION = 2;

interface IndexFile {
  readonly version: number;
  readonly path: string;
  readonly recordings: Readonly<
    Record<string, { readonly stamp: string; readonly channels: string[] }>
  >;
}

/**
 * Reads what an earlier run learned of a release: the cells of each recording
 * whose size and time are still the same. A file that is damaged, of another
 * layout or out of reach counts as empty.
 *
 * @param folder Folder of the indices; by default the data set's folder.
 */
export async function readIndex(
  release: WingertRelease,
  folder?: string,
): Promise<ChannelsByPath> {
  const known: ChannelsByPath = new Map();
  if (!hasStamps(release)) return known;
  const text = await unlessOutOfReach(
    release,
    async () => await readText(await indexPath(release, folder)),
  );
  const index = text === undefined ? undefined : parsed(text);
  if (index === undefined || index.path !== release.path) return known;
  for (const { path, stamp } of release.recordings) {
    const entry = Object.hasOwn(index.recordings, path)
      ? index.recordings[path]
      : undefined;
    if (entry !== undefined && stamp !== null && entry.stamp === stamp) {
      known.set(path, entry.channels);
    }
  }
  return known;
}

/**
 * Stores the cells that the recordings list, for later runs. The file appears
 * whole or not at all, even if two programs write it at once. If it may not be
 * written, nothing is stored.
 *
 * @throws {DataError} If it cannot be written for another reason than that.
 */
export async function writeIndex(
  release: WingertRelease,
  channels: ChannelsByPath,
  folder?: string,
): Promise<void> {
  if (!hasStamps(release)) return;
  const recordings = release.recordings.flatMap(({ path, stamp }) =>
    stamp === null ? [] : [[path, { stamp, channels: channels.get(path) }]]
  );
  const index = {
    version: VERSION,
    path: release.path,
    recordings: Object.fromEntries(recordings),
  };
  await unlessOutOfReach(release, async () => {
    const path = await indexPath(release, folder);
    await makeFolder(dirname(path));
    await writeWhole(path, JSON.stringify(index));
  });
}

/** Removes the index of a release that turned out to be out of date. */
export async function removeIndex(
  release: WingertRelease,
  folder?: string,
): Promise<void> {
  if (!hasStamps(release)) return;
  await unlessOutOfReach(
    release,
    async () => await remove(await indexPath(release, folder)),
  );
}

/** Whether changes of the recordings show; if not, an index is of no use. */
function hasStamps({ recordings }: WingertRelease): boolean {
  return recordings.some(({ stamp }) => stamp !== null);
}

async function indexPath(
  { path }: WingertRelease,
  folder: string = dataFolder("wingert2026"),
): Promise<string> {
  const bytes = new TextEncoder().encode(path);
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  const name = new Uint8Array(hash, 0, 8).toHex();
  return join(folder, `sessions-${name}.json`);
}

/** Undefined if the file is not there or this program may not touch it. */
async function unlessOutOfReach<Value>(
  { path }: WingertRelease,
  act: () => Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await act();
  } catch (error) {
    if (isOutOfReach(error)) return undefined;
    throw ioError("keep the session index", error, { archive: path });
  }
}

function isOutOfReach(error: unknown): boolean {
  return isNotFound(error) || isForbidden(error) ||
    // A file system that is mounted for reading only has no error class.
    (error instanceof Error && "code" in error && error.code === "EROFS");
}

function parsed(text: string): IndexFile | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isIndexFile(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isIndexFile(value: unknown): value is IndexFile {
  if (!isObject<IndexFile>(value) || value.version !== VERSION) return false;
  return typeof value.path === "string" && isObject(value.recordings) &&
    Object.values(value.recordings).every((entry) =>
      isObject<IndexFile["recordings"][string]>(entry) &&
      typeof entry.stamp === "string" && Array.isArray(entry.channels) &&
      entry.channels.every((cell) => typeof cell === "string")
    );
}

/** Whether a value is an object, whose fields are still to be checked. */
function isObject<Fields = unknown>(
  value: unknown,
): value is { readonly [Key in keyof Fields]?: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
