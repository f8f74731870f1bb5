import type { Extent } from "./append_file.ts";
import type { ArrayRecord, Ending } from "./array_record.ts";
import type { StoredFile } from "./new_files.ts";

/** Content of the files being written after a session. */
export interface WriteMark {
  /** Files that grow, under names that the format chooses. */
  readonly files: Readonly<Record<string, Extent>>;
  /** Files that the session added to a folder. */
  readonly added?: readonly StoredFile[];
  /** Number of members of a zip, or of arrays of a Zarr folder. */
  readonly members?: number;
}

/**
 * Suffixes of the temporary files next to the part: those of the formats, and
 * `.reads` of a pass that reads before the sink does.
 */
export const SPILLS = [
  ".data",
  ".directory",
  ".heads",
  ".reads",
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
   * @param marks Results of {@linkcode FormatWriter.mark} after each session of
   * an earlier run; empty for a new file.
   * @throws {OutputError} If the files do not hold what that run wrote.
   */
  open(part: string, marks: readonly WriteMark[]): Promise<FormatWriter>;
}

/** Writes arrays one after the other. */
export interface FormatWriter extends Disposable {
  /** Work that goes on after a write; undefined if there is none. */
  readonly pending?: Promise<unknown> | undefined;
  /** Appends the arrays of one presentation. */
  write(records: Iterable<ArrayRecord>): Promise<void>;
  /** Syncs all files to the disk and describes them. */
  mark(): Promise<WriteMark>;
  /**
   * Completes the file; nothing is appended afterwards.
   *
   * @returns Size in bytes.
   */
  finish(ending: Ending): Promise<number>;
}
