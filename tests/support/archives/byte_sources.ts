import type { ByteSource } from "../../../src/archive/bytes/byte_source.ts";

/** A source in memory that counts its reads and can be made to hang. */
export interface CountingSource extends ByteSource {
  /** Reads so far as `[offset, length]`. */
  readonly reads: readonly (readonly [number, number])[];
  /** Bytes read so far. */
  readonly bytesRead: number;
  /** Number of pending reads. */
  readonly pending: number;
  /** Makes later reads hang until they are aborted. */
  hang(): void;
}

/** A {@linkcode CountingSource} over bytes. */
export function countingSource(
  bytes: Uint8Array,
  name = "memory.zip",
): CountingSource {
  const reads: [number, number][] = [];
  let hangs = false;
  let pending = 0;
  return {
    name,
    size: bytes.length,
    reads,
    get bytesRead(): number {
      return reads.reduce((sum, [, length]) => sum + length, 0);
    },
    get pending(): number {
      return pending;
    },
    hang(): void {
      hangs = true;
    },
    async read(offset, length, { signal } = {}): Promise<Uint8Array> {
      signal?.throwIfAborted();
      if (offset + length > bytes.length) throw new RangeError("beyond end");
      reads.push([offset, length]);
      if (!hangs) return bytes.slice(offset, offset + length);
      pending++;
      try {
        return await new Promise((_, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason));
        });
      } finally {
        pending--;
      }
    },
  };
}

/** Counts of the files opened through `Deno.open`, until disposed of. */
export interface FileCount extends Disposable {
  /** Files opened so far. */
  readonly opened: number;
  /** Files open now. */
  readonly open: number;
  /** Called before every read of an open file. */
  onRead?: () => void;
}

/** Counts opened and closed files, until disposed of. */
export function countFiles(): FileCount {
  const realOpen = Deno.open;
  let closed = 0;
  let opened = 0;
  const count: FileCount = {
    get opened(): number {
      return opened;
    },
    get open(): number {
      return opened - closed;
    },
    [Symbol.dispose](): void {
      Deno.open = realOpen;
    },
  };
  Deno.open = async (path, options): Promise<Deno.FsFile> => {
    const file = await realOpen(path, options);
    opened++;
    const { close, read } = file;
    file.close = (): void => {
      closed++;
      close.call(file);
    };
    file.read = (bytes): Promise<number | null> => {
      count.onRead?.();
      return read.call(file, bytes);
    };
    return file;
  };
  return count;
}

/** Runs everything that is ready, such as read-ahead. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
