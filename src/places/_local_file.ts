import type { ReadOptions } from "../base/abort.ts";
import { statPath } from "../archive/bytes/byte_source.ts";
import { OutputError } from "../errors.ts";
import { fileReason, isSystemError } from "../platform/file_reason.ts";
import type { OpenFile } from "../platform/files.ts";

/** Bytes of one operation: an abort waits for one at most. */
export const STEP = 1 << 20;

/** Appends bytes to a file. */
export async function append(file: OpenFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await file.write(bytes.subarray(at, at + STEP));
  }
}

/**
 * Length of a local file that is to be stored.
 *
 * @throws {DataNotFoundError} If there is none.
 */
export async function localSize(
  path: string,
  options: ReadOptions,
): Promise<number> {
  return (await statPath("read file", path, options)).size;
}

/** Error of the file system as one that names the path; others as they are. */
export function outputError(
  act: string,
  path: string,
  error: unknown,
): unknown {
  if (!isSystemError(error)) return error;
  const text = `Cannot ${act} object: ${fileReason(error)}`;
  return new OutputError(text, { path, cause: error });
}
