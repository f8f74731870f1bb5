import type { ReadOptions } from "../base/abort.ts";
import type { Limits } from "../base/limits.ts";

/** A file inside an archive. */
export interface Member {
  /**
   * Path inside the archive, parts divided by `/`, without a leading one. It
   * never leaves the archive: no part is empty, `.` or `..`.
   */
  readonly path: string;
  /**
   * Length in bytes once unpacked, as the archive states it. A read that finds
   * another length rejects.
   */
  readonly size: number;
}

/** Options for opening an archive. */
export interface ArchiveOptions extends ReadOptions {
  /**
   * The most that it may claim.
   *
   * @default {DEFAULT_LIMITS}
   */
  readonly limits?: Limits;
}

/** Where a member lies, as errors name it. */
export interface MemberPlace {
  /** Path or address of the archive that holds it. */
  readonly archive: string;
  /** Its path in that archive. */
  readonly member: string;
}

/**
 * One read interface over a zip, a folder, a tarball or an address.
 *
 * The directory is read once, when the archive is opened. No file stays open
 * between reads: an archive that is simply dropped leaks nothing. Nothing is
 * ever extracted to disk.
 */
export interface Archive {
  /** Path or address, as errors name it. */
  readonly name: string;
  /** What it and its members may claim, also for those who decode them. */
  readonly limits: Limits;
  /**
   * Every file, in the order of the directory: a zip's own, or by code unit
   * where the storage has none. Folders are not listed. The list stays as it is
   * once the archive is closed.
   */
  readonly members: readonly Member[];
  /**
   * Where a member lies, as the errors of its reads name it: in a tree of
   * several archives the one that holds it and its path there, else this one.
   * A path that is not listed lies where it is looked for.
   */
  locate(path: string): MemberPlace;
  /**
   * A whole member, in a buffer of its own.
   *
   * @throws {DataNotFoundError} If there is no such member.
   * @throws {ArchiveError} If it is damaged.
   * @throws {UnsupportedError} If it is encrypted, or packed in a way that is
   * not read here. Other members stay readable.
   * @throws {LimitError} If it claims to be larger than its packed bytes can
   * unpack to, or than {@linkcode limits} allow.
   * @throws {TypeError} If the archive is closed.
   */
  read(path: string, options?: ReadOptions): Promise<Uint8Array>;
  /**
   * A member piece by piece; checked as {@linkcode Archive.read} checks, so
   * that a damaged member ends in an error and never in a short stream. The
   * checksum is known at the end only: what was read before is provisional.
   *
   * Reading starts with the first pull and follows the reader. A stream that is
   * cancelled, aborted or simply dropped leaves nothing open.
   */
  stream(path: string, options?: ReadOptions): ReadableStream<Uint8Array>;
  /**
   * Tells which members will be read, about the same time: from a server,
   * neighbours then come together. Paths that are not listed are passed over;
   * nothing is read yet.
   *
   * @param reads How often each; 1 unless told.
   */
  expect(paths: readonly string[], reads?: number): void;
  /**
   * Forgets the directory: later reads reject, those under way run to their
   * end.
   */
  close(): Promise<void>;
}
