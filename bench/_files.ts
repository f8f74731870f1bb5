/** Path of a file of this folder. */
export function fileOf(name: string): string {
  return decodeURIComponent(new URL(name, import.meta.url).pathname);
}

/** Whether a file or folder exists. */
export async function pathExists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Lines of a text file. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  using file = await Deno.open(path);
  let rest = "";
  for await (
    const text of file.readable.pipeThrough(new TextDecoderStream())
  ) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
