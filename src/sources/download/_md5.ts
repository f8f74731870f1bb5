import { createHash, type Hash } from "node:crypto";

/** Bytes read at once. */
const PIECE = 1 << 20;

/** How a file is summed. */
export interface SumOptions {
  /** Told how many bytes have been read. */
  readonly onRead?: (bytes: number) => void;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

/** The MD5 of what a file holds from where it stands to its end. */
export async function md5Of(
  file: Deno.FsFile,
  { onRead, signal }: SumOptions,
): Promise<Hash> {
  const hash = createHash("md5");
  const buffer = new Uint8Array(PIECE);
  let bytes = 0;
  while (true) {
    signal?.throwIfAborted();
    const read = await file.read(buffer);
    if (read === null) return hash;
    hash.update(buffer.subarray(0, read));
    bytes += read;
    onRead?.(bytes);
  }
}
