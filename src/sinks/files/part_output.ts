import { OutputError } from "../../errors.ts";
import { resolve } from "../../base/path.ts";
import type { ArrayRecord, Ending } from "./array_record.ts";
import type { FileFormat, FormatWriter } from "./file_format.ts";
import type { FileOptions } from "./file_options.ts";
import { Journal, type JournalEntry } from "./journal.ts";
import { PartFiles } from "./part_files.ts";
import type { Output } from "./write_sessions.ts";
import {
  type FileInfo,
  hasName,
  isFileError,
  isNotFound,
  lstatSync,
  open,
  type OpenFile,
} from "../../platform/files.ts";

/** Converts errors of the file system; other errors are returned unchanged. */
export function outputError(
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

/** A full disk is a plain `Error` with a code, not one of Deno's classes. */
function isOfDisk(error: Error & { code?: unknown }): boolean {
  return typeof error.code === "string" || isFileError(error);
}

/**
 * Locks a file for this process until it is closed, and creates it if needed.
 *
 * The holder may remove the file before closing it. A process that had opened it
 * by then holds a file without a name, and tries again.
 *
 * @throws {OutputError} If another process holds the lock.
 */
async function lockPath(path: string): Promise<OpenFile> {
  for (;;) {
    refuseLink(path);
    const file = await open(path, { read: true, write: true, create: true });
    try {
      if (!await file.tryLock()) {
        throw new OutputError("Cannot write file: another process writes it", {
          path,
        });
      }
      if (await hasName(file, path)) return file;
      file.close();
    } catch (error) {
      file.close();
      throw error;
    }
  }
}

/** Opening a link would truncate the file that it leads to. */
function refuseLink(path: string): void {
  if (!statOf(path)?.isSymlink) return;
  throw new OutputError("Cannot write file: it is a link, expected none", {
    path,
  });
}

function statOf(path: string): FileInfo | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

interface Opened {
  readonly lock: OpenFile;
  readonly journal: Journal;
  readonly writer: FormatWriter;
}

/**
 * File or folder written as `<path>.part` and renamed once complete, so that the
 * final path never holds an incomplete file.
 */
export class PartOutput implements Output {
  readonly #files: PartFiles;
  readonly #format: FileFormat;
  readonly #opened: Opened;
  readonly #resume: boolean;
  /** The write under way. */
  #busy: Promise<unknown> | undefined;
  #isOver = false;

  private constructor(
    files: PartFiles,
    format: FileFormat,
    opened: Opened,
    resume: boolean,
  ) {
    this.#files = files;
    this.#format = format;
    this.#opened = opened;
    this.#resume = resume;
  }

  /**
   * Starts a file, or resumes the one of an earlier run.
   *
   * @throws {OutputError} If the path exists and may not be overwritten, cannot
   * be written, or is being written by another process.
   */
  static async open(
    target: string,
    format: FileFormat,
    { overwrite = false, resume = false }: FileOptions,
  ): Promise<PartOutput> {
    const files = new PartFiles(resolve(target));
    try {
      // Checked before any file is created, and again under the lock.
      if (!overwrite) checkFree(files, format);
      const lock = await lockPath(files.journal);
      try {
        files.restore();
        if (!overwrite) checkFree(files, format);
        const opened = await openParts(files, format, resume);
        return new PartOutput(files, format, { lock, ...opened }, resume);
      } catch (error) {
        if (!resume) files.remove();
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
  endSession(entry: Omit<JournalEntry, "sizes">): Promise<void> {
    return this.#act(async () => {
      const { journal, writer } = this.#opened;
      await journal.add({ ...entry, sizes: await writer.sizes() });
    });
  }

  /** Completes the file, renames it and returns its size in bytes. */
  commit(ending: Ending): Promise<number> {
    return this.#act(async () => {
      const bytes = await this.#opened.writer.finish(ending);
      if (this.#isOver) throw this.#closedError();
      this.#opened.writer[Symbol.dispose]();
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
    this.#close(this.#resume);
  }

  #close(keep: boolean): void {
    this.#isOver = true;
    const { lock, journal, writer } = this.#opened;
    try {
      writer[Symbol.dispose]();
      journal[Symbol.dispose]();
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

function checkFree(files: PartFiles, { name }: FileFormat): void {
  if (!files.isUsed()) return;
  throw new OutputError(
    `Cannot write ${name}: it exists, expected another path or overwrite: true`,
    { path: files.path },
  );
}

async function openParts(
  files: PartFiles,
  format: FileFormat,
  resume: boolean,
): Promise<Omit<Opened, "lock">> {
  // Without a part, the file was renamed already, whatever the journal says.
  const isBegun = resume && files.isBegun();
  const journal = await Journal.open(files.journal, format.kind, isBegun);
  try {
    const sizes = journal.earlier.at(-1)?.sizes;
    if (sizes === undefined) files.clear();
    return { journal, writer: await format.open(files.part, sizes) };
  } catch (error) {
    journal[Symbol.dispose]();
    throw error;
  }
}
