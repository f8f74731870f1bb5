import type { ArrayRecord, RestHead } from "./array_record.ts";

/** Bytes of each file that is being written, by the format's own names. */
export type FileSizes = Readonly<Record<string, number>>;

/** How arrays become a file, or a folder. */
export interface FileFormat {
  /** As it completes "Cannot write ...". */
  readonly name: string;
  /** What a file must have been begun with to be gone on with. */
  readonly kind: string;
  /** What is needed beside the file until it is whole: names of endings. */
  readonly spills: readonly string[];
  /**
   * Starts to write, or goes on.
   *
   * @param part Path of what is being written; spills are `part` + ending.
   * @param sizes What {@linkcode FormatWriter.sizes} gave when the last session
   * was whole; none if everything starts anew.
   */
  open(part: string, sizes?: FileSizes): Promise<FormatWriter>;
}

/** Writes arrays one after the other. */
export interface FormatWriter extends Disposable {
  /** Appends the arrays of one presentation. */
  write(records: Iterable<ArrayRecord>): Promise<void>;
  /** Waits until all is on the disk, and tells how much it is. */
  sizes(): Promise<FileSizes>;
  /**
   * Makes a whole of it: nothing is appended any more.
   *
   * @param rest What no array was left to tell, if there is something.
   * @returns Bytes of the whole.
   */
  finish(rest?: RestHead): Promise<number>;
}
