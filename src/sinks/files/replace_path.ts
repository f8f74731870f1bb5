/**
 * Gives a file or a folder its name, in the place of what has it.
 *
 * A folder cannot replace another in one step: the old one is moved aside
 * first, and removed when the new one has its name.
 */
export async function replacePath(from: string, to: string): Promise<void> {
  if (!await isFolder(to)) return await Deno.rename(from, to);
  const aside = `${to}.old`;
  await Deno.rename(to, aside);
  await Deno.rename(from, to);
  await Deno.remove(aside, { recursive: true });
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.lstat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
