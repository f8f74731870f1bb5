import {
  ArchiveError,
  DataError,
  type DataErrorPlace,
  DataNotFoundError,
} from "../../errors.ts";
import type { ReadOptions } from "../../base/abort.ts";
import { fileReason, isOutOfReach } from "../../platform/file_reason.ts";
import {
  type FileInfo,
  open,
  stat,
  statIfThere,
} from "../../platform/files.ts";
import type { Stretch } from "./stretches.ts";

/**
 * Error for data that a failed file operation could not reach.
 *
 * @param act Completes "Cannot ...".
 * @param error Error of the operation.
 * @param place Place of the data.
 * @returns The error to throw. Errors that name their place already, and those
 * of a wrong call, are returned unchanged.
 */
export function ioError(
  act: string,
  error: unknown,
  place: DataErrorPlace,
): unknown {
  if (error instanceof DataError || error instanceof TypeError) return error;
  const FaultClass = isOutOfReach(error) ? DataNotFoundError : ArchiveError;
  return new FaultClass(`Cannot ${act}: ${fileReason(error)}`, {
    ...place,
    cause: error,
  });
}

/**
 * Describes what is at a path that a caller named.
 *
 * @param act Completes "Cannot ...".
 * @throws {TypeError} If the path is no text, or has a NUL.
 * @throws {DataNotFoundError} If nothing is there or it may not be read.
 */
export async function statPath(
  act: string,
  path: string,
  { signal }: ReadOptions,
): Promise<FileInfo> {
  if (typeof path !== "string" || path.includes("\0")) {
    const rule = typeof path === "string" ? "no NUL in it" : "a string";
    throw new TypeError(
      `Cannot ${act}: path is ${shown(path)}, expected ${rule}`,
    );
  }
  signal?.throwIfAborted();
  try {
    const found = await stat(path);
    signal?.throwIfAborted();
    return found;
  } catch (error) {
    signal?.throwIfAborted();
    throw ioError(act, error, { archive: path });
  }
}

/**
 * Describes what is at a path where something may be.
 *
 * @param act Completes "Cannot ...".
 * @returns Null if nothing is there.
 * @throws {DataNotFoundError} If the path cannot be followed or read.
 */
export async function findPath(
  act: string,
  path: string,
): Promise<FileInfo | null> {
  try {
    return await statIfThere(path);
  } catch (error) {
    throw ioError(act, error, { archive: path });
  }
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** Options of a read of a {@linkcode ByteSource}. */
export interface SourceReadOptions extends ReadOptions {
  /**
   * Byte up to which the next reads will likely go.
   *
   * @default the end of the read
   */
  readonly reach?: number | undefined;
}

/** Bytes at random access: a file, a `Blob`, or an address with ranges. */
export interface ByteSource {
  /** Path, address or name, as errors give it. */
  readonly name: string;
  /** Length in bytes. */
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset` on, in a buffer of their own.
   *
   * An aborted read rejects with the signal's reason and has closed its file;
   * one that starts aborted opens none.
   *
   * @throws {ArchiveError} If the bytes are not there.
   */
  read(
    offset: number,
    length: number,
    options?: SourceReadOptions,
  ): Promise<Uint8Array>;
  /**
   * Announces reads that will come at about the same time, so that a source can
   * fetch neighbours together. Reads nothing yet.
   */
  expect?(stretches: readonly Stretch[]): void;
}

/** Bytes of one operation: an abort waits for one at most. */
const STEP = 1 << 20;

/**
 * Bytes that are read without a promise, which takes longer than to copy them.
 * Opening stays a promise, so that timers and aborts get their turn.
 */
const SMALL = 1 << 16;

interface ListedFile {
  readonly path: string;
  readonly size: number;
  readonly place: DataErrorPlace;
}

/**
 * File that every read opens and closes.
 *
 * @param path Path of the file.
 * @param size Length when it was listed; a read that finds another rejects.
 * @param place Place that errors name, if not the path.
 */
export function fileSource(
  path: string,
  size: number,
  place: DataErrorPlace = { archive: path },
): ByteSource {
  const file = { path, size, place };
  return {
    name: path,
    size,
    async read(offset, length, { signal } = {}): Promise<Uint8Array> {
      signal?.throwIfAborted();
      checkInside(file, offset, length);
      try {
        return await readFile(file, offset, length, signal);
      } catch (error) {
        signal?.throwIfAborted();
        throw ioError("read file", error, { ...place, offset });
      }
    },
  };
}

/** @throws {ArchiveError} If the bytes do not lie inside a file. */
export function checkInside(
  { size, place }: Pick<ListedFile, "size" | "place">,
  offset: number,
  length: number,
): void {
  if (offset >= 0 && length >= 0 && offset + length <= size) return;
  throw new ArchiveError(
    `Cannot read file: ${length} bytes lie beyond its ${size} bytes`,
    { ...place, offset },
  );
}

async function readFile(
  file: ListedFile,
  offset: number,
  length: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const opened = await open(file.path, { read: true });
  try {
    signal?.throwIfAborted();
    // As promises these two take 120 us each.
    const { size } = opened.statSync();
    if (size !== file.size) throw changedError(file, size);
    opened.seekSync(offset);
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      signal?.throwIfAborted();
      const piece = bytes.subarray(at, at + STEP);
      const read = length <= SMALL
        ? opened.readSync(piece)
        : await opened.read(piece);
      if (read === null) throw changedError(file, offset + at);
      at += read;
    }
    signal?.throwIfAborted();
    return bytes;
  } finally {
    opened.close();
  }
}

function changedError(
  { size, place }: ListedFile,
  found: number,
): ArchiveError {
  return new ArchiveError(
    `Cannot read file: it has ${found} bytes, and had ${size} when opened`,
    { ...place, offset: Math.min(found, size) },
  );
}
