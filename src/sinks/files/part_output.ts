import { OutputError } from "../../errors.ts";
import { resolve } from "../../base/path.ts";
import type { ArrayRecord, Ending } from "./array_record.ts";
import type { FileFormat, FormatWriter, Spill } from "./file_format.ts";
import type { FileOptions } from "./file_options.ts";
import { Journal, type JournalEntry, journalKind } from "./journal.ts";
import { checkPresent } from "./new_files.ts";
import { inTheWayError, PartFiles } from "./part_files.ts";
import type { Output } from "./write_sessions.ts";
import {
  isFileError,
  type OpenFile,
  removeIfThere,
} from "../../platform/files.ts";
import { openFinished } from "./finished_file.ts";
import type { ArrayReader } from "./stored_array.ts";
import { tryLockFile } from "../../base/lock.ts";
import { ReadSpill } from "../spill/read_spill.ts";

const READS: Spill = ".reads";

/** Converts errors of the file system; other errors are returned unchanged. */
function outputError(
  error: unknown,
  { name }: FileFormat,
  path: string,
): unknown {
  if (!(error instanceof Error) || !isOfDisk(error)) return error;
  return new OutputError(`Cannot write ${name}: ${error.message}`, {
    path,
    cause: error,
  });
}

/** Names the path of the caller in an error of the part or the journal. */
function targetError(error: unknown, { path, part }: PartFiles): unknown {
  // A file of a folder is named itself.
  const isOfPart = error instanceof OutputError &&
    error.path.startsWith(part) && !error.path.startsWith(`${part}/`);
  if (!isOfPart) return error;
  const text = error.message.replace(` (file "${error.path}")`, "");
  return new OutputError(text, { path, cause: error });
}

/** A full disk is a plain `Error` with a code, not one of Deno's classes. */
function isOfDisk(error: Error & { code?: unknown }): boolean {
  return typeof error.code === "string" || isFileError(error);
}

/** Locks the journal of an output until it is closed. */
async function lockJournal(act: string, files: PartFiles): Promise<OpenFile> {
  const lock = await tryLockFile(files.journal);
  if (lock !== null) return lock;
  throw new OutputError(`Cannot ${act}: another process writes it`, files);
}

interface Opened {
  readonly lock: OpenFile;
  readonly journal: Journal;
  readonly writer: FormatWriter;
}

/**
 * Opens a file for writing: a new one, the part of an earlier run, or, to report
 * it, the file that an earlier run has completed.
 *
 * @throws {OutputError} If the path exists and may not be overwritten, cannot be
 * written, or is being written by another process.
 */
export async function openOutput(
  target: string,
  format: FileFormat,
  read: ArrayReader,
  options: FileOptions,
): Promise<Output> {
  const { overwrite = false, resume = false } = options;
  const files = new PartFiles(resolve(target));
  if (resume && !overwrite && files.isComplete()) {
    const finished = await openFinished(files, format, read);
    if (files.hasJournal()) await removeJournal(`write ${format.name}`, files);
    return finished;
  }
  return await PartOutput.open(files, format, overwrite, resume);
}

/** Removes the journal of a run that was killed after it named its file. */
async function removeJournal(act: string, files: PartFiles): Promise<void> {
  const lock = await lockJournal(act, files);
  try {
    const kind = await journalKind(files.journal);
    if (kind === "journal" && files.isComplete()) files.remove();
  } finally {
    lock.close();
  }
}

/**
 * File or folder written as `<path>.part` and renamed once complete, so that the
 * final path never holds an incomplete file.
 */
export class PartOutput implements Output {
  readonly keeper: ReadSpill;
  readonly #files: PartFiles;
  readonly #format: FileFormat;
  readonly #opened: Opened;
  readonly #overwrite: boolean;
  readonly #resume: boolean;
  /** The write under way. */
  #busy: Promise<unknown> | undefined;
  #isOver = false;

  private constructor(
    files: PartFiles,
    format: FileFormat,
    opened: Opened,
    { overwrite = false, resume = false }: FileOptions,
  ) {
    this.#overwrite = overwrite;
    this.#files = files;
    this.#format = format;
    this.#opened = opened;
    this.#resume = resume;
    this.keeper = new ReadSpill(`write ${format.name}`, files.part + READS);
  }

  /**
   * Starts a file, or resumes the one of an earlier run.
   *
   * @throws {OutputError} If the path must not be replaced, cannot be written, or
   * is being written by another process.
   */
  static async open(
    files: PartFiles,
    format: FileFormat,
    overwrite: boolean,
    resume: boolean,
  ): Promise<PartOutput> {
    const act = `write ${format.name}`;
    try {
      // Checked before any file is created, and again under the lock.
      await files.checkTarget(act, overwrite);
      const lock = await lockJournal(act, files);
      let isOwn = false;
      try {
        await checkOwn(act, files);
        isOwn = true;
        files.restore();
        await files.checkTarget(act, overwrite);
        const opened = await openParts(files, format, resume);
        const options = { overwrite, resume };
        return new PartOutput(files, format, { lock, ...opened }, options);
      } catch (error) {
        if (isOwn && !resume) files.remove();
        lock.close();
        throw error;
      }
    } catch (error) {
      throw outputError(error, format, files.path);
    }
  }

  /** Final path. */
  get path(): string {
    return this.#files.path;
  }

  /** Sessions written by earlier runs. */
  get earlier(): readonly JournalEntry[] {
    return this.#opened.journal.earlier;
  }

  /** Appends the arrays of one presentation. */
  write(records: Iterable<ArrayRecord>): Promise<void> {
    return this.#act(() => this.#opened.writer.write(records));
  }

  /** Adds a complete session to the journal. */
  endSession(entry: Omit<JournalEntry, "mark">): Promise<void> {
    return this.#act(async () => {
      const { journal, writer } = this.#opened;
      await journal.add({ ...entry, mark: await writer.mark() });
    });
  }

  /** Completes the file, renames it and returns its size in bytes. */
  commit(ending: Ending): Promise<number> {
    return this.#act(async () => {
      const { journal, writer } = this.#opened;
      // Before the format's last files need the space.
      await this.keeper.pending;
      this.keeper.end();
      const bytes = await writer.finish(ending);
      for (const { added = [] } of await journal.marks()) {
        checkPresent(this.#files.part, added);
      }
      // Another program may have made something else of the path by now.
      const act = `write ${this.#format.name}`;
      await this.#files.checkTarget(act, this.#overwrite);
      if (this.#isOver) throw this.#closedError();
      writer[Symbol.dispose]();
      this.#files.replace();
      this.#close(false);
      return bytes;
    });
  }

  /**
   * Closes the file after the write under way. An incomplete file is removed
   * unless it may be resumed.
   */
  async leave(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#busy !== undefined) await Promise.allSettled([this.#busy]);
    for (const { pending } of [this.#opened.writer, this.keeper]) {
      if (pending !== undefined) await pending;
    }
    this.#close(this.#resume);
  }

  #close(keep: boolean): void {
    this.#isOver = true;
    const { lock, journal, writer } = this.#opened;
    try {
      writer[Symbol.dispose]();
      journal[Symbol.dispose]();
      this.keeper.end();
      if (!keep) this.#files.remove();
    } finally {
      lock.close();
    }
  }

  async #act<Result>(act: () => Promise<Result>): Promise<Result> {
    if (this.#isOver) throw this.#closedError();
    try {
      const acting = act();
      this.#busy = acting;
      return await acting;
    } catch (error) {
      throw outputError(error, this.#format, this.path);
    } finally {
      this.#busy = undefined;
    }
  }

  #closedError(): OutputError {
    const { path } = this;
    return new OutputError(`Cannot write ${this.#format.name}: it was left`, {
      path,
    });
  }
}

/**
 * Refuses files in the place of an output's own ones. Without a journal, none of
 * them is its own: the journal is the first that is created, the last removed.
 */
async function checkOwn(act: string, files: PartFiles): Promise<void> {
  const { journal } = files;
  const kind = await journalKind(journal);
  if (kind === "journal") return;
  if (kind === "other") throw inTheWayError(act, journal);
  try {
    files.checkUnused(act);
  } catch (error) {
    removeIfThere(journal);
    throw error;
  }
}

async function openParts(
  files: PartFiles,
  format: FileFormat,
  resume: boolean,
): Promise<Omit<Opened, "lock">> {
  // Without a part, the file was renamed already, whatever the journal says.
  const isBegun = resume && files.isBegun();
  const journal = await Journal.open(files.journal, format.kind, isBegun)
    .catch((error) => {
      throw targetError(error, files);
    });
  try {
    const marks = journal.earlier.map(({ mark }) => mark);
    if (marks.length === 0) files.clear();
    return { journal, writer: await format.open(files.part, marks) };
  } catch (error) {
    journal[Symbol.dispose]();
    throw targetError(error, files);
  }
}
