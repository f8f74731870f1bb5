import {
  type IndexPlace,
  isObject,
  readIndexFile,
  removeIndexFile,
  writeIndexFile,
} from "../shared/index_file.ts";
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
  const index = await readIndexFile(placeOf(release, folder));
  if (!isIndexFile(index) || index.path !== release.path) return known;
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
 * Stores the cells that the recordings list, for later runs.
 *
 * @throws {DataError} As {@linkcode writeIndexFile} says.
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
  await writeIndexFile(placeOf(release, folder), index);
}

/** Removes the index of a release that turned out to be out of date. */
export async function removeIndex(
  release: WingertRelease,
  folder?: string,
): Promise<void> {
  if (!hasStamps(release)) return;
  await removeIndexFile(placeOf(release, folder));
}

/** Whether changes of the recordings show; if not, an index is of no use. */
function hasStamps({ recordings }: WingertRelease): boolean {
  return recordings.some(({ stamp }) => stamp !== null);
}

function placeOf(
  { path }: WingertRelease,
  folder: string | undefined,
): IndexPlace {
  return { of: "session", dataset: "wingert2026", release: path, folder };
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
