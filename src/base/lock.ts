import { isAt, openOwnFile } from "../platform/own_file.ts";
import type { OpenFile } from "../platform/files.ts";

/**
 * Locks a file for this process until the file is closed; creates it if needed.
 *
 * The system ties the lock to the open file (`flock`, on Windows `LockFileEx`)
 * and releases it when the process ends, however it ends. No lock is ever stale:
 * a file that a killed process left behind locks nothing.
 *
 * The holder may remove the file before it closes it. A process that had opened
 * it by then holds a file without a name, and tries again.
 *
 * @returns The locked file; null if another process holds the lock.
 * @throws {OutputError} If the path has a link, a device or a folder.
 */
export async function tryLockFile(path: string): Promise<OpenFile | null> {
  for (;;) {
    const file = await openOwnFile(path);
    let isLocked = false;
    try {
      if (!await file.tryLock()) return null;
      isLocked = isAt(file, path);
      if (isLocked) return file;
    } finally {
      if (!isLocked) file.close();
    }
  }
}
