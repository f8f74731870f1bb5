import type { ReadOptions } from "../base/abort.ts";
import { OutputError } from "../errors.ts";
import { tryLockFile } from "../base/lock.ts";
import { dirname, join } from "../base/path.ts";
import {
  hardLink,
  isAlreadyThere,
  isNotFound,
  list,
  lstatSync,
  makeFolder,
  open,
  type OpenFile,
  removeIfThere,
  renameSync,
  statIfThere,
  syncFolder,
} from "../platform/files.ts";
import { isUnsupported } from "../platform/file_reason.ts";
import type { Stored } from "./place.ts";

/** Name of a file that grows until it is whole; a dot begins no key. */
const PART_NAME = /^\.[0-9a-f-]{36}\.part$/;
/** Part that nobody can lock is left behind after this time, in ms. */
const LEFT_AFTER_MS = 24 * 3_600_000;
/** Times that a part is written again after a cleaner took it for a left one. */
const TRIES = 3;

/** Writes the content of a new file. */
export type Fill = (file: OpenFile) => Promise<void>;

/**
 * Stores a file that appears whole or not at all: of many processes that write one
 * path, exactly one gets `"stored"`.
 *
 * The content grows in a hidden file beside it, which is locked meanwhile, reaches
 * the disk, and gets its name by a hard link. A file system without hard links
 * renames it under a lock.
 *
 * @param fill Writes the content.
 * @param link Gives a file a second name.
 */
export async function storeNew(
  path: string,
  fill: Fill,
  options: ReadOptions = {},
  link: (from: string, to: string) => Promise<void> = hardLink,
): Promise<Stored> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    if (await statIfThere(path) !== null) return "exists";
    const stored = await storeOnce(path, fill, options, link);
    if (stored !== "gone") return stored;
  }
  throw new OutputError(
    "Cannot write file: another process removes it while it grows",
    { path },
  );
}

/**
 * Stores a file by giving it a second name; undefined where it cannot have one, as
 * on another file system.
 *
 * @param from Path of the file, all of which the disk holds.
 */
export async function storeLink(
  from: string,
  to: string,
): Promise<Stored | undefined> {
  const folder = dirname(to);
  await makeFolder(folder);
  try {
    await hardLink(from, to);
  } catch (error) {
    if (isAlreadyThere(error)) return isOneFile(from, to);
    if (isUnsupported(error)) return undefined;
    throw error;
  }
  await syncFolder(folder);
  return "stored";
}

async function storeOnce(
  path: string,
  fill: Fill,
  { signal }: ReadOptions,
  link: (from: string, to: string) => Promise<void>,
): Promise<Stored | "gone"> {
  const folder = dirname(path);
  await makeFolder(folder);
  const part = join(folder, `.${crypto.randomUUID()}.part`);
  const file = await open(part, { write: true, createNew: true });
  try {
    await isLocked(file);
    await fill(file);
    await file.syncData();
    signal?.throwIfAborted();
    const stored = await named(part, path, link);
    if (stored === "stored") await syncFolder(folder);
    return stored;
  } finally {
    file.close();
    removeIfThere(part);
  }
}

async function named(
  part: string,
  path: string,
  link: (from: string, to: string) => Promise<void>,
): Promise<Stored | "gone"> {
  try {
    await link(part, path);
    return "stored";
  } catch (error) {
    if (isNotFound(error)) return "gone";
    // NFS repeats a request whose answer was lost: the first may have worked.
    if (isAlreadyThere(error)) return isOneFile(part, path);
    if (!isUnsupported(error)) throw error;
    return await renamed(part, path);
  }
}

function isOneFile(part: string, path: string): Stored {
  const [a, b] = [lstatSync(part), lstatSync(path)];
  const isOne = a.ino !== null && a.ino === b.ino && a.dev === b.dev;
  return isOne ? "stored" : "exists";
}

/** For file systems without hard links: a lock takes turns. */
async function renamed(part: string, path: string): Promise<Stored> {
  const lock = join(dirname(path), ".names.lock");
  let turn = await tryLockFile(lock);
  while (turn === null) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    turn = await tryLockFile(lock);
  }
  try {
    if (await statIfThere(path) !== null) return "exists";
    renameSync(part, path);
    return "stored";
  } finally {
    removeIfThere(lock);
    turn.close();
  }
}

/** Removes the parts that killed processes have left in a folder. */
export async function removeLeftParts(folder: string): Promise<void> {
  try {
    for await (const { name, isFile } of list(folder)) {
      const path = join(folder, name);
      if (isFile && PART_NAME.test(name) && await isLeft(path)) {
        removeIfThere(path);
      }
    }
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

async function isLeft(path: string): Promise<boolean> {
  const found = await statIfThere(path);
  if (found === null) return false;
  const ageMs = Date.now() - (found.mtime?.getTime() ?? Date.now());
  const file = await open(path, { read: true, write: true });
  try {
    return await isLocked(file) ?? ageMs > LEFT_AFTER_MS;
  } finally {
    file.close();
  }
}

/** Whether this process has locked a file; undefined where files have no locks. */
async function isLocked(file: OpenFile): Promise<boolean | undefined> {
  try {
    return await file.tryLock();
  } catch (error) {
    if (isUnsupported(error)) return undefined;
    throw error;
  }
}
