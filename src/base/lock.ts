import { isAt, openOwnFile } from "../platform/own_file.ts";
import type { OpenFile } from "../platform/files.ts";

/**
 * Locks a file for this process until the file is closed; creates it if needed.
 *
 * The system ties the lock to the open file (`flock`, on Windows `LockFileEx`)
 * and releases it when the process ends, however it ends. No lock is ever stale:
 * a file that a killed process left behind locks nothing.
 *
 * The holder may remove the file before it closes it. Processes that wait hold a
 * file without a name by then, and try again.
 *
 * @param onHeld Called each time another process is found to hold the lock. It
 * throws to give up, or resolves when it is time to try again.
 * @throws {OutputError} If the path has a link, a device or a folder.
 */
export async function lockFile(
  path: string,
  onHeld: () => void | Promise<void>,
): Promise<OpenFile> {
  for (;;) {
    const file = await openOwnFile(path);
    let isLocked = false;
    try {
      while (!await file.tryLock()) await onHeld();
      isLocked = isAt(file, path);
      if (isLocked) return file;
    } finally {
      if (!isLocked) file.close();
    }
  }
}
