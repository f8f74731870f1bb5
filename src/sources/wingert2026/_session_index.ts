import { dirname, join } from "../../base/path.ts";
import { ioError } from "../../archive/bytes/byte_source.ts";
import { dataFolder } from "../../publishers/data_path.ts";
import type { WingertRelease } from "./_release.ts";

/** The cells that each recording lists, by the recording's path. */
export type ChansByUnit = Map<string, readonly string[]>;

/** Raised with the layout of the file. */
const VERSION = 1;

interface IndexFile {
  readonly version: number;
  readonly path: string;
  readonly units: Readonly<
    Record<string, { readonly stamp: string; readonly chans: string[] }>
  >;
}

/**
 * What is remembered of a release from an earlier start: only of recordings
 * that have the size and time they had then. A file that is damaged or of
 * another layout counts as none; so does one that may not be read.
 *
 * @param folder Where indices are kept, the data set's folder if not given.
 */
export async function readIndex(
  release: WingertRelease,
  folder?: string,
): Promise<ChansByUnit> {
  const text = await unlessForbidden(
    release,
    async () => await Deno.readTextFile(await indexPath(release, folder)),
  );
  const known: ChansByUnit = new Map();
  const index = text === undefined ? undefined : parsed(text);
  if (index === undefined || index.path !== release.path) return known;
  for (const { path, stamp } of release.units) {
    const entry = Object.hasOwn(index.units, path) ? index.units[path] : null;
    if (entry && stamp !== null && entry.stamp === stamp) {
      known.set(path, entry.chans);
    }
  }
  return known;
}

/**
 * Remembers what the recordings list. The file appears whole or not at all,
 * also when two programs write it at once; where none may be written, nothing
 * is remembered.
 *
 * @throws {DataError} If it cannot be written for another reason than that.
 */
export async function writeIndex(
  release: WingertRelease,
  chans: ChansByUnit,
  folder?: string,
): Promise<void> {
  const units = release.units.flatMap(({ path, stamp }) =>
    stamp === null ? [] : [[path, { stamp, chans: chans.get(path) }]]
  );
  if (units.length === 0) return;
  const index = {
    version: VERSION,
    path: release.path,
    units: Object.fromEntries(units),
  };
  await unlessForbidden(release, async () => {
    const path = await indexPath(release, folder);
    await Deno.mkdir(dirname(path), { recursive: true });
    const part = `${path}.${crypto.randomUUID()}.part`;
    try {
      await Deno.writeTextFile(part, JSON.stringify(index), {
        createNew: true,
      });
      await Deno.rename(part, path);
    } catch (error) {
      await unlessForbidden(release, () => Deno.remove(part));
      throw error;
    }
  });
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

/** Undefined where the file is not there or this program may not touch it. */
async function unlessForbidden<Value>(
  { path }: WingertRelease,
  act: () => Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await act();
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw ioError("keep the session index", error, { archive: path });
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.NotCapable ||
    // A file system that is mounted for reading only has no class of its own.
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
  if (!isRecord(value) || value.version !== VERSION) return false;
  return typeof value.path === "string" && isRecord(value.units) &&
    Object.values(value.units).every((unit) =>
      isRecord(unit) && typeof unit.stamp === "string" &&
      Array.isArray(unit.chans) &&
      unit.chans.every((chan) => typeof chan === "string")
    );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
