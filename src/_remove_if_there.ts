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
