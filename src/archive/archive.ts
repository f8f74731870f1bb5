import type { ReadOptions } from "../base/abort.ts";
import type { Limits } from "../base/limits.ts";

/** Advice for bytes that are damaged or cut short. */
export const DOWNLOAD_AGAIN = "; download the file again";

/** File inside an archive. */
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
   * Most that the archive may claim.
   *
   * @default {DEFAULT_LIMITS}
   */
  readonly limits?: Limits;
}

/** Place of a member, as errors name it. */
export interface MemberPlace {
  /** Path or address of the archive that has it. */
  readonly archive: string;
  /** Path in that archive. */
  readonly member: string;
}

/**
 * One read interface over a zip, a folder, a tarball or an address.
 *
 * The directory is read once, when the archive is opened. No file stays open
 * between reads, so that an archive needs no closing. Nothing is extracted to
 * disk.
 */
export interface Archive {
  /** Path or address, as errors name it. */
  readonly name: string;
  /** Most that it and its members may claim, also when they are decoded. */
  readonly limits: Limits;
  /**
   * Every file, in the order of the directory: a zip's own, or by code unit
   * where the storage has none. Folders are not listed.
   */
  readonly members: readonly Member[];
  /**
   * Description of the content in a few words with a checksum: of every path, its
   * size, and its CRC-32 or, in a folder, the time of its last change. It is the
   * same wherever a zip lies.
   */
  readonly stamp: string;
  /**
   * Place of a member, as the errors of its reads name it: in a tree of several
   * archives the one that has the member, else this one. A path that is not
   * listed is located in this archive.
   */
  locate(path: string): MemberPlace;
  /**
   * Reads a whole member into a buffer of its own.
   *
   * @throws {DataNotFoundError} If there is no such member.
   * @throws {ArchiveError} If it is damaged.
   * @throws {UnsupportedError} If it is encrypted, or packed in a way that is
   * not read here. Other members stay readable.
   * @throws {LimitError} If it claims to be larger than its packed bytes can
   * unpack to, or than {@linkcode limits} allow.
   */
  read(path: string, options?: ReadOptions): Promise<Uint8Array>;
  /**
   * Reads a member piece by piece. It is checked as {@linkcode Archive.read}
   * checks it: a damaged member ends in an error, never in a short stream. The
   * checksum is known at the end; all before is provisional.
   *
   * Reading starts with the first pull and follows the reader. A stream that is
   * cancelled, aborted or dropped leaves no file open.
   */
  stream(path: string, options?: ReadOptions): ReadableStream<Uint8Array>;
  /**
   * Checks that a member's own header agrees with the directory, in a zip by
   * reading some hundred bytes. Members that are never read need it: a damaged
   * name could hide one.
   *
   * @throws {DataNotFoundError} If there is no such member.
   * @throws {ArchiveError} If header and directory differ.
   */
  check(path: string, options?: ReadOptions): Promise<void>;
  /**
   * Announces reads that will come at about the same time: neighbours then come
   * from a server in one request. Paths that are not listed are ignored. Reads
   * nothing yet.
   *
   * @param reads Number of reads of each, 1 by default.
   */
  expect(paths: readonly string[], reads?: number): void;
}
