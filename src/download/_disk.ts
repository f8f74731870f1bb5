import { OutputError } from "../errors.ts";
import { open, type OpenFile, statIfThere } from "../platform/files.ts";
import { md5Hash, type StreamingHash } from "../platform/hash.ts";
import type { RemoteFile } from "../publishers/remote_file.ts";

/**
 * Runs an operation on a file and turns its failure into an `OutputError`.
 *
 * @param act The operation, as it completes "Cannot ...".
 * @throws {OutputError} If the operation fails.
 */
export async function output<Value>(
  act: string,
  path: string,
  operation: () => Promise<Value>,
): Promise<Value> {
  try {
    return await operation();
  } catch (error) {
    if (error instanceof OutputError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const advice = FULL.test(reason)
      ? "free space or choose another folder"
      : "choose another folder or let us write to this one";
    throw new OutputError(`Cannot ${act}: ${reason}; ${advice}`, {
      path,
      cause: error,
    });
  }
}

// Deno has no error class for a full disk, a quota or a file limit.
const FULL = /no space|not enough space|quota|file too large/i;

/** Bytes read at once. */
const PIECE = 1 << 20;

/** Options of {@linkcode md5Of}. */
export interface SumOptions {
  /** Called after each piece, with the bytes read so far. */
  readonly onRead?: (bytes: number) => void;
  /** Ends the read. */
  readonly signal?: AbortSignal;
}

/** Hashes a file from its current position to its end. */
export async function md5Of(
  file: OpenFile,
  { onRead, signal }: SumOptions,
): Promise<StreamingHash> {
  const hash = md5Hash();
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

/**
 * Whether a path has the file that the publisher lists, whole.
 *
 * @throws {OutputError} If a folder or device is there, or the file cannot be
 * read.
 */
export async function isWhole(
  path: string,
  { bytes, md5 }: RemoteFile,
  options: SumOptions,
): Promise<boolean> {
  const act = "check what is there";
  const found = await output(act, path, () => statIfThere(path));
  if (found === null) return false;
  if (!found.isFile) {
    const kind = found.isDirectory ? "a folder" : "a device or pipe";
    throw new OutputError(
      `Cannot download: ${kind} is in the place of the file; move it or choose ` +
        "another folder",
      { path },
    );
  }
  if (found.size !== bytes) return false;
  const file = await output(act, path, () => open(path, { read: true }));
  try {
    return (await md5Of(file, options)).hex() === md5;
  } finally {
    file.close();
  }
}
