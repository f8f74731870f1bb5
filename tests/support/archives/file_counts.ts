/** Counts of {@linkcode countFiles}. */
export interface FileCounts {
  opened: number;
  closed: number;
  bytes: number;
}

/**
 * Counts opened and closed files, and the bytes read, while a test runs.
 *
 * @param run The test.
 * @param beforeOpen Called with the counts before a file is opened; opening waits
 * for its promise.
 */
export async function countFiles(
  run: (counts: FileCounts) => Promise<void>,
  beforeOpen: (opened: number) => void | Promise<void> = () => {},
): Promise<void> {
  const counts = { opened: 0, closed: 0, bytes: 0 };
  const { open } = Deno;
  const { read, readSync, close } = Deno.FsFile.prototype;
  Deno.open = async (...args) => {
    counts.opened++;
    await beforeOpen(counts.opened);
    return await open(...args);
  };
  Deno.FsFile.prototype.read = async function (
    buffer,
  ): Promise<number | null> {
    const length = await read.call(this, buffer);
    counts.bytes += length ?? 0;
    return length;
  };
  Deno.FsFile.prototype.readSync = function (buffer): number | null {
    const length = readSync.call(this, buffer);
    counts.bytes += length ?? 0;
    return length;
  };
  Deno.FsFile.prototype.close = function (): void {
    counts.closed++;
    close.call(this);
  };
  try {
    await run(counts);
  } finally {
    Deno.open = open;
    Object.assign(Deno.FsFile.prototype, { read, readSync, close });
  }
}
