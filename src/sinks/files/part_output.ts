import { OutputError } from "../../errors.ts";
import { resolve } from "../../_path.ts";
import type { ArrayRecord, RestHead } from "./array_record.ts";
import type { FileFormat, FormatWriter } from "./file_format.ts";
import type { FileOptions } from "./file_options.ts";
import { Journal, type JournalEntry } from "./journal.ts";
import { replacePath } from "./replace_path.ts";

/**
 * What is written as `<path>.part` and gets its name when it is whole, so that
 * nothing under the name is ever a part.
 */
export class PartOutput implements Disposable {
  /** Where it will be. */
  readonly path: string;
  readonly #part: string;
  readonly #format: FileFormat;
  readonly #journal: Journal;
  readonly #writer: FormatWriter;
  readonly #resume: boolean;
  #isOpen = true;

  private constructor(
    path: string,
    format: FileFormat,
    journal: Journal,
    writer: FormatWriter,
    resume: boolean,
  ) {
    this.path = path;
    this.#part = `${path}.part`;
    this.#format = format;
    this.#journal = journal;
    this.#writer = writer;
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
    const path = resolve(target);
    try {
      if (!overwrite && await isTaken(path)) {
        throw new OutputError(
          `Cannot write ${format.name}: it exists, expected another path or ` +
            "overwrite: true",
          { path },
        );
      }
      const journal = await Journal.open(
        journalPath(path),
        format.kind,
        resume,
      );
      try {
        const sizes = journal.earlier.at(-1)?.sizes;
        const writer = await format.open(`${path}.part`, sizes);
        return new PartOutput(path, format, journal, writer, resume);
      } catch (error) {
        journal[Symbol.dispose]();
        if (!resume) removeParts(path, format);
        throw error;
      }
    } catch (error) {
      throw outputError(error, format, path);
    }
  }

  /** Sessions that an earlier run has written. */
  get earlier(): readonly JournalEntry[] {
    return this.#journal.earlier;
  }

  /** Appends the arrays of one presentation. */
  write(records: Iterable<ArrayRecord>): Promise<void> {
    return this.#guarded(() => this.#writer.write(records));
  }

  /** Notes that a session is written to its end. */
  endSession(entry: Omit<JournalEntry, "sizes">): Promise<void> {
    return this.#guarded(async () => {
      const sizes = await this.#writer.sizes();
      await this.#journal.add({ ...entry, sizes });
    });
  }

  /** Gives the whole its name; returns its bytes. */
  commit(rest?: RestHead): Promise<number> {
    return this.#guarded(async () => {
      const bytes = await this.#writer.finish(rest);
      this.#writer[Symbol.dispose]();
      await replacePath(this.#part, this.path);
      this.#close();
      removeParts(this.path, this.#format);
      return bytes;
    });
  }

  /** Lets go; what was not committed is removed unless it is to be resumed. */
  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#close();
    if (!this.#resume) removeParts(this.path, this.#format);
  }

  #close(): void {
    this.#isOpen = false;
    this.#writer[Symbol.dispose]();
    this.#journal[Symbol.dispose]();
  }

  async #guarded<Result>(act: () => Promise<Result>): Promise<Result> {
    try {
      return await act();
    } catch (error) {
      throw outputError(error, this.#format, this.path);
    }
  }
}

function journalPath(path: string): string {
  return `${path}.part.journal`;
}

function removeParts(path: string, { spills }: FileFormat): void {
  const part = `${path}.part`;
  const spilled = spills.map((ending) => part + ending);
  for (const rest of [part, ...spilled, journalPath(path)]) {
    try {
      Deno.removeSync(rest, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

async function isTaken(path: string): Promise<boolean> {
  try {
    const { isDirectory, size } = await Deno.lstat(path);
    return isDirectory || size > 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Faults of the disk get a name; what is somebody else's stays as it is. */
function outputError(
  error: unknown,
  { name }: FileFormat,
  path: string,
): unknown {
  const isOfDisk = error instanceof Error &&
    ("code" in error || Object.values(Deno.errors).includes(
      error.constructor as typeof Deno.errors.NotFound,
    ));
  if (!isOfDisk) return error;
  return new OutputError(`Cannot write ${name}: ${error.message}`, {
    path,
    cause: error,
  });
}
