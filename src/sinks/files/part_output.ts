import { OutputError } from "../../errors.ts";
import { resolve } from "../../base/path.ts";
import type { ArrayRecord, Ending } from "./array_record.ts";
import type { FileFormat, FormatWriter } from "./file_format.ts";
import type { FileOptions } from "./file_options.ts";
import { Journal, type JournalEntry } from "./journal.ts";
import { PartFiles } from "./part_files.ts";
import type { Output } from "./write_sessions.ts";
import { hasName } from "../../platform/files.ts";

const OF_DENO: ReadonlySet<unknown> = new Set(Object.values(Deno.errors));

/** Faults of the disk get a name; what is somebody else's stays as it is. */
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

/** Deno's own classes, or Node's codes: some have both. */
function isOfDisk(error: Error & { code?: unknown }): boolean {
  return typeof error.code === "string" || OF_DENO.has(error.constructor);
}

/**
 * Takes a file's name for this process alone until it is closed; makes the file
 * where there is none.
 *
 * The one who has it may remove the file before closing it: whoever had it open
 * by then holds a file without a name, and tries again.
 *
 * @throws {OutputError} If another process has it.
 */
export async function lockPath(path: string): Promise<Deno.FsFile> {
  for (;;) {
    refuseLink(path);
    const options = { read: true, write: true, create: true };
    const file = await Deno.open(path, options);
    try {
      if (!await file.tryLock(true)) {
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

/** What it leads to would be cut to nothing. */
function refuseLink(path: string): void {
  if (!statOf(path)?.isSymlink) return;
  throw new OutputError("Cannot write file: it is a link, expected none", {
    path,
  });
}

function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

interface Opened {
  readonly lock: Deno.FsFile;
  readonly journal: Journal;
  readonly writer: FormatWriter;
}

/**
 * What is written as `<path>.part` and gets its name when it is whole, so that
 * nothing under the name is ever a part.
 */
export class PartOutput implements Output {
  readonly #files: PartFiles;
  readonly #format: FileFormat;
  readonly #opened: Opened;
  readonly #resume: boolean;
  /** What is being written, until it is. */
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
   * Starts to write, or goes on with what an earlier run has written.
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
      // Before anything is made beside it, and when nobody else can make it.
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

  /** Where it will be. */
  get path(): string {
    return this.#files.path;
  }

  /** Sessions that an earlier run has written. */
  get earlier(): readonly JournalEntry[] {
    return this.#opened.journal.earlier;
  }

  /** Appends the arrays of one presentation. */
  write(records: Iterable<ArrayRecord>): Promise<void> {
    return this.#act(() => this.#opened.writer.write(records));
  }

  /** Notes that a session is written to its end. */
  endSession(entry: Omit<JournalEntry, "sizes">): Promise<void> {
    return this.#act(async () => {
      const { journal, writer } = this.#opened;
      await journal.add({ ...entry, sizes: await writer.sizes() });
    });
  }

  /** Gives the whole its name; returns its bytes. */
  commit(ending: Ending): Promise<number> {
    return this.#act(async () => {
      const bytes = await this.#opened.writer.finish(ending);
      if (this.#isOver) throw this.#left();
      this.#opened.writer[Symbol.dispose]();
      this.#files.replace();
      this.#close(false);
      return bytes;
    });
  }

  /**
   * Lets go, at once where nothing is being written; what was not committed is
   * removed unless it is to be resumed.
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
    if (this.#isOver) throw this.#left();
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

  #left(): OutputError {
    const { path } = this;
    return new OutputError(`Cannot write ${this.#format.name}: it was left`, {
      path,
    });
  }
}

function checkFree(files: PartFiles, { name }: FileFormat): void {
  if (!files.isTaken()) return;
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
  // A part that is gone has its name already, whatever the journal says.
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
