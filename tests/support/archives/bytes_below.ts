/** Bytes that a run reads of files in a folder, in this thread. */
export async function bytesReadBelow(
  folder: string,
  run: () => Promise<unknown>,
): Promise<number> {
  const { open } = Deno;
  const { read, readSync } = Deno.FsFile.prototype;
  const files = new WeakSet<Deno.FsFile>();
  let bytes = 0;
  const count = (file: Deno.FsFile, length: number | null): number | null => {
    if (files.has(file)) bytes += length ?? 0;
    return length;
  };
  Deno.open = async (path, options) => {
    const file = await open(path, options);
    if (String(path).startsWith(folder)) files.add(file);
    return file;
  };
  Deno.FsFile.prototype.read = async function (into): Promise<number | null> {
    return count(this, await read.call(this, into));
  };
  Deno.FsFile.prototype.readSync = function (into): number | null {
    return count(this, readSync.call(this, into));
  };
  try {
    await run();
    if (bytes === 0) throw new Error(`no file in ${folder} was read`);
    return bytes;
  } finally {
    Deno.open = open;
    Object.assign(Deno.FsFile.prototype, { read, readSync });
  }
}
