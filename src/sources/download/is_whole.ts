import { md5Of, type SumOptions } from "./_md5.ts";
import { output } from "./_output.ts";
import type { RemoteFile } from "./remote_file.ts";

/** Whether a path has the very file that its publisher lists. */
export async function isWhole(
  path: string,
  { bytes, md5 }: RemoteFile,
  options: SumOptions,
): Promise<boolean> {
  const act = "check what is there";
  if (await output(act, path, () => sizeOf(path)) !== bytes) return false;
  const open = (): Promise<Deno.FsFile> => Deno.open(path, { read: true });
  using file = await output(act, path, open);
  return (await md5Of(file, options)).digest("hex") === md5;
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    const { isFile, size } = await Deno.stat(path);
    return isFile ? size : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    if (error instanceof Deno.errors.NotADirectory) return null;
    throw error;
  }
}
