/** Removes what is at a path; nothing there is what is wanted. */
export function removeIfThere(
  path: string,
  options?: Deno.RemoveOptions,
): void {
  try {
    Deno.removeSync(path, options);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Whether a file is at a path; false where nothing is. */
export async function isFile(path: string): Promise<boolean> {
  return (await statOrNull(path))?.isFile ?? false;
}

/** Whether a folder is at a path; false where nothing is. */
export async function isFolder(path: string): Promise<boolean> {
  return (await statOrNull(path))?.isDirectory ?? false;
}

async function statOrNull(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    if (error instanceof Deno.errors.NotADirectory) return null;
    throw error;
  }
}

/**
 * Whether an open file is still the one at a path: who had it locked may have
 * removed it, and a lock on that one keeps nobody out.
 */
export async function hasName(
  file: Deno.FsFile,
  path: string,
): Promise<boolean> {
  try {
    const [named, open] = [await Deno.stat(path), await file.stat()];
    return named.ino === open.ino && named.dev === open.dev;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
