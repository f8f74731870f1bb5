import type { ArrayRecord, Ending } from "./array_record.ts";

/** Bytes of each file that is being written, by the format's own names. */
export type FileSizes = Readonly<Record<string, number>>;

/**
 * What formats need beside a file until it is whole: endings of its name while
 * it is written.
 */
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

/** How arrays become a file, or a folder. */
export interface FileFormat {
  /** As it completes "Cannot write ...". */
  readonly name: string;
  /** What a file must have been begun with to be gone on with. */
  readonly kind: string;
  /**
   * Starts to write, or goes on.
   *
   * @param part Path of what is being written; there is none if all starts anew.
   * {@linkcode SPILLS} are `part` + ending.
   * @param sizes What {@linkcode FormatWriter.sizes} gave when the last session
   * was whole; none if everything starts anew.
   */
  open(part: string, sizes?: FileSizes): Promise<FormatWriter>;
}

/** Writes arrays one after the other. */
export interface FormatWriter extends Disposable {
  /** Appends the arrays of one presentation. */
  write(records: Iterable<ArrayRecord>): Promise<void>;
  /** Writes all that waits to be written, and tells how much it is. */
  sizes(): Promise<FileSizes>;
  /**
   * Makes a whole of it: nothing is appended any more.
   *
   * @returns Bytes of the whole.
   */
  finish(ending: Ending): Promise<number>;
}
