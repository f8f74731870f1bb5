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
