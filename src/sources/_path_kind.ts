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
