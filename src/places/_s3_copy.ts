import type { ReadOptions } from "../base/abort.ts";
import { HttpFile } from "../http/ranged_file.ts";
import { join } from "../base/path.ts";
import { makeWorkFolder, type WorkFolder } from "../base/work_folder.ts";
import { freeArray } from "../base/sole_owner.ts";
import { open } from "../platform/files.ts";
import { append, outputError } from "./_local_file.ts";
import { eachPiece } from "./_pieces.ts";
import type { PlaceFile } from "./place.ts";
import type { ObjectHead, S3Object } from "./_s3_object.ts";

/** Options of {@linkcode temporaryCopy}. */
export interface CopyOptions extends ReadOptions {
  /** Folder of the copy; the system's for temporary files by default. */
  readonly folder?: string | undefined;
  /** Bytes of one request. */
  readonly pieceBytes: number;
}

/**
 * Copies an object to a temporary file by several requests at once, all of the
 * version that its head names. Disposing of the copy removes it; the next call
 * removes the copies of killed programs.
 *
 * @throws {ArchiveError} If the object is replaced meanwhile.
 * @throws {OutputError} If the copy cannot be written.
 */
export async function temporaryCopy(
  object: S3Object,
  head: ObjectHead,
  options: CopyOptions,
): Promise<PlaceFile> {
  const folder = await newFolder(options);
  const path = join(folder.path, "copy");
  try {
    await copy(object, head, path, options);
  } catch (error) {
    folder[Symbol.dispose]();
    throw error;
  }
  return {
    path,
    [Symbol.asyncDispose]: () => Promise.resolve(folder[Symbol.dispose]()),
  };
}

async function newFolder({ folder }: CopyOptions): Promise<WorkFolder> {
  try {
    return await makeWorkFolder(folder);
  } catch (error) {
    throw outputError("copy", folder ?? "temporary files", error);
  }
}

async function copy(
  { address, sender }: S3Object,
  { bytes, version }: ObjectHead,
  path: string,
  { pieceBytes, signal }: CopyOptions,
): Promise<void> {
  const source = new HttpFile(address, sender);
  source.version = { ...version, size: bytes };
  const file = await open(path, { write: true, createNew: true });
  try {
    await eachPiece(
      bytes,
      pieceBytes,
      (offset, length, signal) => source.fetch(offset, length, signal),
      async (piece) => {
        try {
          await append(file, piece);
          freeArray(piece);
        } catch (error) {
          throw outputError("copy", path, error);
        }
      },
      { signal },
    );
  } finally {
    file.close();
  }
}
