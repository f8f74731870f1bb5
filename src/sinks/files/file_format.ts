import type { ArrayRecord, Ending } from "./array_record.ts";

/** Size of each file being written, under names that the format chooses. */
export type FileSizes = Readonly<Record<string, number>>;

/** Suffixes of the temporary files that formats write next to the part. */
export const SPILLS = [
  ".data",
  ".directory",
  ".heads",
  ".responses",
  ".stimuli",
  ".tensors",
] as const;

/** One of {@linkcode SPILLS}. */
export type Spill = typeof SPILLS[number];

/** File format: turns arrays into a file or a folder. */
export interface FileFormat {
  /** Name, as in "Cannot write <name>". */
  readonly name: string;
  /** Kind noted in the journal; only a part of the same kind can be resumed. */
  readonly kind: string;
  /**
   * Starts or resumes writing.
   *
   * @param part Path of the part, which does not exist yet for a new file.
   * Temporary files are `part` + one of {@linkcode SPILLS}.
   * @param sizes Result of {@linkcode FormatWriter.sizes} after the last complete
   * session; undefined for a new file.
   */
  open(part: string, sizes?: FileSizes): Promise<FormatWriter>;
}

/** Writes arrays one after the other. */
export interface FormatWriter extends Disposable {
  /** Appends the arrays of one presentation. */
  write(records: Iterable<ArrayRecord>): Promise<void>;
  /** Syncs all files to the disk and returns their sizes. */
  sizes(): Promise<FileSizes>;
  /**
   * Completes the file; nothing is appended afterwards.
   *
   * @returns Size in bytes.
   */
  finish(ending: Ending): Promise<number>;
}
