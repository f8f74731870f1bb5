/**
 * What can be wrong with data. One class per thing that a caller would do
 * differently; a mistake in a call is a built-in `RangeError` or `TypeError`.
 *
 * @module
 */

/** Where in the data a fault lies. */
export interface DataErrorPlace {
  /** Path or address of the archive or folder. */
  readonly archive?: string | undefined;
  /** Path of the member inside the archive. */
  readonly member?: string | undefined;
  /**
   * Byte where the fault lies: of the zip for an {@linkcode ArchiveError}, of the
   * member's own content for what was found while decoding it.
   */
  readonly offset?: number | undefined;
}

/** Options of every {@linkcode DataError}. */
export interface DataErrorOptions extends DataErrorPlace {
  /** What was caught when the fault was found. */
  readonly cause?: unknown;
}

/**
 * A fault of the data: the base of every error that a stream sends.
 *
 * The message ends with the place, so that it stands alone in a log.
 *
 * @example Telling a fault of the data from a mistake in the call
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
   * Byte where the fault lies: of the zip for an {@linkcode ArchiveError}, of the
   * member's own content for what was found while decoding it.
   */
  readonly offset?: number | undefined;

  /**
   * @param message What cannot be done and why, without the place.
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

/** Nothing is there: fetch the data, or point elsewhere. */
export class DataNotFoundError extends DataError {}

/** The container is damaged or cut short: fetch it again. */
export class ArchiveError extends DataError {}

/** A file inside an archive is not what its format demands. */
export class FormatError extends DataError {}

/** Valid data of a kind that is not read here: convert it first. */
export class UnsupportedError extends DataError {}

/** The data claims more than a limit allows: raise the limit or distrust it. */
export class LimitError extends DataError {}

/** A readable file holds a recording that cannot be: look at the file. */
export class RecordingError extends DataError {}

/** A user name or password is missing or refused: give the right ones. */
export class CredentialError extends DataError {}

/** A server or the way to it fails: try again later, what arrived is kept. */
export class DownloadError extends DataError {}

/** Options of {@linkcode OutputError}. */
export interface OutputErrorOptions {
  /** File or folder that was to be written. */
  readonly path: string;
  /** What was caught. */
  readonly cause?: unknown;
}

/**
 * A file cannot be written: free space, allow to overwrite, or write elsewhere.
 * Nothing under the final name is a part of a file.
 *
 * @example Writing anew where there is something already
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
  /** File or folder that was to be written. */
  readonly path: string;

  /**
   * @param message What cannot be done and why, without the path.
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
