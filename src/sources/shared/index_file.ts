import {
  isForbidden,
  isNotFound,
  makeFolder,
  readText,
  remove,
} from "../../platform/files.ts";
import {
  hasFileSystem,
  isGranted,
  variable,
} from "../../platform/environment.ts";
import { writeWhole } from "../../base/part_file.ts";
import { dirname, join } from "../../base/path.ts";
import { ioError } from "../../archive/bytes/byte_source.ts";
import { dataFolder, FOLDER_VARIABLES } from "../../publishers/data_path.ts";

/** Index of a release: facts that an earlier run has read out of it. */
export interface IndexPlace {
  readonly of: "session" | "stimulus";
  /** Name of the data set, such as `crcns-ac1`. */
  readonly dataset: string;
  /** Path or address of the release. */
  readonly release: string;
  /** Folder of the index, if not the data set's. */
  readonly folder?: string | undefined;
}

/**
 * Reads an index.
 *
 * @returns Its JSON, unchecked; undefined if it is not there, out of reach, or no
 * JSON.
 */
export async function readIndexFile(place: IndexPlace): Promise<unknown> {
  const text = await unlessOutOfReach(place, ["read"], readText);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Stores an index for later runs. The file appears whole or not at all, even if
 * two programs write it at once. If it may not be written, nothing is stored.
 *
 * @throws {DataError} If it cannot be written for another reason than that.
 */
export async function writeIndexFile(
  place: IndexPlace,
  index: unknown,
): Promise<void> {
  await unlessOutOfReach(place, ["read", "write"], async (path) => {
    await makeFolder(dirname(path));
    await writeWhole(path, JSON.stringify(index));
  });
}

/** Removes the index of a release that turned out to be out of date. */
export async function removeIndexFile(place: IndexPlace): Promise<void> {
  await unlessOutOfReach(place, ["write"], (path) => remove(path));
}

type Access = "read" | "write";

/** Undefined if the file is not there or this program may not touch it. */
async function unlessOutOfReach<Value>(
  place: IndexPlace,
  access: readonly Access[],
  act: (path: string) => Promise<Value>,
): Promise<Value | undefined> {
  try {
    const path = await indexPath(place, access);
    return path === undefined ? undefined : await act(path);
  } catch (error) {
    if (isOutOfReach(error)) return undefined;
    const { of, release } = place;
    throw ioError(`keep the ${of} index`, error, { archive: release });
  }
}

const FILES = { session: "sessions", stimulus: "stimuli" };

async function indexPath(
  { of, dataset, release, folder }: IndexPlace,
  access: readonly Access[],
): Promise<string | undefined> {
  const parent = folder ?? usualFolder(dataset, access);
  if (parent === undefined) return undefined;
  const bytes = new TextEncoder().encode(release);
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  const name = new Uint8Array(hash, 0, 8).toHex();
  return join(parent, `${FILES[of]}-${name}.json`);
}

/**
 * The data set's folder; undefined in a browser, and where the user would be
 * asked for a permission: an index is no reason to.
 */
function usualFolder(
  dataset: string,
  access: readonly Access[],
): string | undefined {
  if (!hasFileSystem()) return undefined;
  for (const name of FOLDER_VARIABLES) {
    if (!isGranted({ name: "env", variable: name })) return undefined;
    if (variable(name)) break;
  }
  const path = dataFolder(dataset);
  return access.every((name) => isGranted({ name, path })) ? path : undefined;
}

function isOutOfReach(error: unknown): boolean {
  return isNotFound(error) || isForbidden(error) ||
    // A file system that is mounted for reading only has no error class.
    (error instanceof Error && "code" in error && error.code === "EROFS");
}

/** Whether a value is an object, whose fields are still to be checked. */
export function isObject<Fields = unknown>(
  value: unknown,
): value is { readonly [Key in keyof Fields]?: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
