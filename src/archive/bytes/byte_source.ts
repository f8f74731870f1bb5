import {
  ArchiveError,
  DataError,
  type DataErrorPlace,
  DataNotFoundError,
} from "../../errors.ts";
import type { ReadOptions } from "../../base/abort.ts";
import type { Stretch } from "./stretches.ts";

const OUT_OF_REACH = [
  Deno.errors.NotFound,
  Deno.errors.NotADirectory,
  Deno.errors.PermissionDenied,
  Deno.errors.NotCapable,
];

/**
 * What a failed file operation means to whoever asked for the data.
 *
 * @param act What could not be done, as it completes "Cannot ...".
 * @param error What the operation threw.
 * @param place Where the operation was.
 * @returns The error to throw; mistakes in the call and errors that name their
 * place already come back as they are.
 */
export function ioError(
  act: string,
  error: unknown,
  place: DataErrorPlace,
): unknown {
  if (error instanceof DataError || error instanceof TypeError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const FaultClass = OUT_OF_REACH.some((known) => error instanceof known)
    ? DataNotFoundError
    : ArchiveError;
  return new FaultClass(`Cannot ${act}: ${reason}`, { ...place, cause: error });
}

/**
 * What is at a path that a caller named.
 *
 * @param act What the caller wanted, as it completes "Cannot ...".
 * @throws {TypeError} If the path is no text.
 * @throws {DataNotFoundError} If nothing is there or it may not be read.
 */
export async function statPath(
  act: string,
  path: string,
  { signal }: ReadOptions,
): Promise<Deno.FileInfo> {
  if (typeof path !== "string") {
    throw new TypeError(
      `Cannot ${act}: path is ${String(path)}, expected a string`,
    );
  }
  signal?.throwIfAborted();
  try {
    const found = await Deno.stat(path);
    signal?.throwIfAborted();
    return found;
  } catch (error) {
    signal?.throwIfAborted();
    throw ioError(act, error, { archive: path });
  }
}

/** Options of a read of a {@linkcode ByteSource}. */
export interface SourceReadOptions extends ReadOptions {
  /**
   * Byte up to which what follows will likely be read next.
   *
   * @default the end of the read
   */
  readonly reach?: number;
}

/** Bytes at random access: a file, or an address that answers ranges. */
export interface ByteSource {
  /** Path or address, as errors name it. */
  readonly name: string;
  /** Length in bytes. */
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset` on, in a buffer of their own.
   *
   * A read that is aborted rejects with the signal's reason and has closed
   * what it opened; one that starts aborted opens nothing.
   *
   * @throws {ArchiveError} If the bytes are not there.
   */
  read(
    offset: number,
    length: number,
    options?: SourceReadOptions,
  ): Promise<Uint8Array>;
  /**
   * Tells what will be read, about the same time: a source whose reads are dear
   * can fetch neighbours together. Nothing is read yet.
   */
  expect?(stretches: readonly Stretch[]): void;
}

/** Largest operation of one file read: an abort waits for one at most. */
const STEP = 1 << 20;

interface ListedFile {
  readonly path: string;
  readonly size: number;
  readonly place: DataErrorPlace;
}

/**
 * A file that is opened and closed again by every read.
 *
 * @param path Path of the file.
 * @param size Length that it had when it was listed; a read that finds another
 * one rejects.
 * @param place How errors name the file, if not by its path.
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
  const open = await Deno.open(file.path, { read: true });
  try {
    signal?.throwIfAborted();
    // Both concern the open file alone: as promises they take 120 us each.
    const { size } = open.statSync();
    if (size !== file.size) throw changed(file, size);
    open.seekSync(offset, Deno.SeekMode.Start);
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      signal?.throwIfAborted();
      const read = await open.read(bytes.subarray(at, at + STEP));
      if (read === null) throw changed(file, offset + at);
      at += read;
    }
    signal?.throwIfAborted();
    return bytes;
  } finally {
    open.close();
  }
}

function changed({ size, place }: ListedFile, found: number): ArchiveError {
  return new ArchiveError(
    `Cannot read file: it has ${found} bytes, and had ${size} when opened`,
    { ...place, offset: Math.min(found, size) },
  );
}
