import { variable } from "../platform/environment.ts";
import { isUnsupported } from "../platform/file_reason.ts";
import {
  isForbidden,
  isNotFound,
  list,
  lstatSync,
  makeFolder,
  makeNewFolder,
  type OpenFile,
  removeIfThere,
} from "../platform/files.ts";
import { tryLockFile } from "./lock.ts";
import { join } from "./path.ts";

const NAME = /^\.rxephys-[0-9a-f-]{36}(\.lock)?$/;
const LOCK = ".lock";
/** A folder that nobody can lock is left behind after this time, in ms. */
const LEFT_AFTER_MS = 24 * 3_600_000;

/** Hidden folder of a running program for files that are not whole yet. */
export interface WorkFolder extends Disposable {
  /** Path of the folder. */
  readonly path: string;
}

/**
 * Makes a folder for files that are not whole yet; disposing of it removes it.
 *
 * A lock beside the folder says that its program runs. Folders of programs that
 * were killed are removed at the next call.
 *
 * @param parent Folder that is to hold it.
 * @default parent the system's folder of temporary files
 */
export async function makeWorkFolder(
  parent: string = temporaryFolder(),
): Promise<WorkFolder> {
  await makeFolder(parent);
  await removeLeft(parent);
  const path = join(parent, `.rxephys-${crypto.randomUUID()}`);
  const lock = await lockUnlessUnsupported(path + LOCK);
  try {
    await makeNewFolder(path, 0o700);
  } catch (error) {
    release(path, lock);
    throw error;
  }
  return {
    path,
    [Symbol.dispose]: () => {
      try {
        removeIfThere(path, { recursive: true });
      } finally {
        release(path, lock);
      }
    },
  };
}

function release(path: string, lock: OpenFile | null): void {
  removeIfThere(path + LOCK);
  lock?.close();
}

/** Locks a file, or null if another process holds it or files have no locks. */
async function lockUnlessUnsupported(path: string): Promise<OpenFile | null> {
  try {
    return await tryLockFile(path);
  } catch (error) {
    if (isUnsupported(error)) return null;
    throw error;
  }
}

async function removeLeft(parent: string): Promise<void> {
  const names = (await Array.fromAsync(list(parent), ({ name }) => name))
    .filter((name) => NAME.test(name));
  const locks = new Set(names.filter((name) => name.endsWith(LOCK)));
  for (const name of names) {
    const path = join(parent, name.replace(/\.lock$/, ""));
    try {
      if (name.endsWith(LOCK)) await removeUnlocked(path);
      else if (!locks.has(name + LOCK)) removeOld(path);
    } catch (error) {
      // Another program removes it as well, or it is another user's.
      if (!isNotFound(error) && !isForbidden(error)) throw error;
    }
  }
}

async function removeUnlocked(path: string): Promise<void> {
  // The lock of a running program is not taken.
  if (!lstatSync(path + LOCK).isFile) return;
  const lock = await lockUnlessUnsupported(path + LOCK);
  if (lock === null) return removeOld(path);
  try {
    removeIfThere(path, { recursive: true });
    removeIfThere(path + LOCK);
  } finally {
    lock.close();
  }
}

/** Removes a folder whose files have not changed for long. */
function removeOld(path: string): void {
  const { mtime } = lstatSync(path);
  if (Date.now() - (mtime?.getTime() ?? Date.now()) <= LEFT_AFTER_MS) return;
  removeIfThere(path, { recursive: true });
  removeIfThere(path + LOCK);
}

function temporaryFolder(): string {
  return variable("TMPDIR") || variable("TEMP") || "/tmp";
}
