/**
 * Errors of data and files, one class for each reaction of a caller. A mistake in a
 * call is a built-in `RangeError` or `TypeError`.
 *
 * @module
 */

/** Place of a fault in the data. */
export interface DataErrorPlace {
  /** Path or address of the archive or folder. */
  readonly archive?: string | undefined;
  /** Path of the member inside the archive. */
  readonly member?: string | undefined;
  /**
   * Byte of the fault: in the zip for an {@linkcode ArchiveError}, in the content of
   * the member for a fault found while decoding it.
   */
  readonly offset?: number | undefined;
}

/** Options of every {@linkcode DataError}. */
export interface DataErrorOptions extends DataErrorPlace {
  /** Error that revealed the fault. */
  readonly cause?: unknown;
}

/**
 * Fault of the data: the base class of every error that a stream sends.
 *
 * The message ends with the place of the fault.
 *
 * @example An error with its place
 * ```ts
 * import { DataError } from "rxephys";
 *
 * const error = new DataError("Cannot read member: CRC differs", {
 *   archive: "crcns-ac1.zip",
 *   member: "wehr/Summary.mat",
 *   offset: 128,
 * });
 * console.log(error.member, error.offset);
 * ```
 */
export class DataError extends Error {
  /** Path or address of the archive or folder. */
  readonly archive?: string | undefined;
  /** Path of the member inside the archive. */
  readonly member?: string | undefined;
  /**
   * Byte of the fault: in the zip for an {@linkcode ArchiveError}, in the content of
   * the member for a fault found while decoding it.
   */
  readonly offset?: number | undefined;

  /**
   * Makes an error whose message names the place.
   *
   * @param message Failed action and reason, without the place.
   * @param options The place, and the error that was caught there.
   */
  constructor(message: string, options: DataErrorOptions = {}) {
    super(message + placeSuffix(options), { cause: options.cause });
    this.name = new.target.name;
    this.archive = options.archive;
    this.member = options.member;
    this.offset = options.offset;
  }
}

/** No data at the path: get the data, or give another path. */
export class DataNotFoundError extends DataError {}

/** Damaged or truncated archive: download it again. */
export class ArchiveError extends DataError {}

/** File that breaks the rules of its format. */
export class FormatError extends DataError {}

/** Valid data of an unsupported kind: convert it first. */
export class UnsupportedError extends DataError {}

/** Data that claims more than a limit allows: raise the limit, or distrust the file. */
export class LimitError extends DataError {}

/** Readable file with an impossible recording, or a chain in the wrong order. */
export class RecordingError extends DataError {}

/** Data that do not determine a model: take more stimuli, or a larger penalty. */
export class FitError extends DataError {}

/** Missing or refused user name, password or key, or a clock that voids them. */
export class CredentialError extends DataError {}

/** Failure of a server or the network: try again later; a download resumes. */
export class DownloadError extends DataError {}

/** Options of {@linkcode OutputError}. */
export interface OutputErrorOptions {
  /** File or folder to write. */
  readonly path: string;
  /** Error that was caught. */
  readonly cause?: unknown;
}

/**
 * File that cannot be written: free space, allow to overwrite, or write elsewhere.
 * No partial file has the final name.
 *
 * @example Asking before a file is replaced
 * ```ts
 * import { crcnsAc1Pipeline, OutputError, toNdjson, wehr } from "rxephys";
 * import { lastValueFrom } from "rxjs";
 *
 * async function write(path: string, overwrite = false): Promise<void> {
 *   const sessions = wehr("data").pipe(crcnsAc1Pipeline());
 *   try {
 *     await lastValueFrom(sessions.pipe(toNdjson(path, { overwrite })));
 *   } catch (error) {
 *     if (!(error instanceof OutputError) || overwrite) throw error;
 *     if (confirm(`${error.message}. Overwrite?`)) await write(path, true);
 *   }
 * }
 * ```
 */
export class OutputError extends Error {
  /** File or folder to write. */
  readonly path: string;

  /**
   * Makes an error whose message names the path.
   *
   * @param message Failed action and reason, without the path.
   * @param options The path, and the error that was caught.
   */
  constructor(message: string, { path, cause }: OutputErrorOptions) {
    super(`${message} (file "${path}")`, { cause });
    this.name = new.target.name;
    this.path = path;
  }
}

function placeSuffix({ archive, member, offset }: DataErrorPlace): string {
  const parts: string[] = [];
  if (archive !== undefined) parts.push(`archive "${archive}"`);
  if (member !== undefined) parts.push(`member "${member}"`);
  if (offset !== undefined) parts.push(`byte ${offset}`);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
