import type { ReadOptions } from "../../session.ts";

/** A file inside an archive. */
export interface Member {
  /** Path inside the archive, parts divided by `/`, without a leading one. */
  readonly path: string;
  /** Length in bytes once unpacked. */
  readonly size: number;
}

/**
 * One read interface over a zip, a folder, a tarball or an address.
 *
 * The directory is read once, when the archive is opened. No file stays open
 * between reads, so there is nothing to close, and a handle that was read a
 * moment ago costs nothing.
 */
export interface Archive {
  /** Path or address, as errors name it. */
  readonly name: string;
  /** Every file, in the order of the directory. Folders are not listed. */
  readonly members: readonly Member[];
  /**
   * A whole member.
   *
   * @throws {DataNotFoundError} If there is no such member.
   * @throws {ArchiveError} If it is damaged.
   */
  read(path: string, options?: ReadOptions): Promise<Uint8Array>;
  /**
   * A member piece by piece; checked as {@linkcode Archive.read} checks, so
   * that a damaged member ends in an error and never in a short stream.
   */
  stream(path: string, options?: ReadOptions): ReadableStream<Uint8Array>;
}
