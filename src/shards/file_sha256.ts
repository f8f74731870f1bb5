import type { ReadOptions } from "../base/abort.ts";
import { open } from "../platform/files.ts";
import { sha256Hash } from "../platform/hash.ts";

const PIECE = 1 << 20;

/** SHA-256 of a local file, read piece by piece. */
export async function fileSha256(
  path: string,
  { signal }: ReadOptions = {},
): Promise<string> {
  const hash = sha256Hash();
  const piece = new Uint8Array(PIECE);
  const file = await open(path, { read: true });
  try {
    for (let read; (read = await file.read(piece)) !== null;) {
      signal?.throwIfAborted();
      hash.update(piece.subarray(0, read));
    }
    return hash.hex();
  } finally {
    file.close();
  }
}
