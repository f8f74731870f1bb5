import { OutputError } from "../../errors.ts";
import { AppendFile } from "./append_file.ts";
import type { FileSizes } from "./file_format.ts";
import type { SessionTrace } from "./recorder.ts";

/** A session that is written to its end. */
export interface JournalEntry extends SessionTrace {
  /** Its id. */
  readonly session: string;
  /** The operators that it went through, and their options. */
  readonly chain: string;
  /** What was on the disk then. */
  readonly sizes: FileSizes;
}

const DECODER = new TextDecoder();
const ENCODER = new TextEncoder();

/**
 * Which sessions a file already holds, kept beside it while it is written: a
 * line for the kind of file and one per session. A line that was cut short is
 * as if it were not there.
 *
 * It is locked while it is open, so that no two write the same file.
 */
export class Journal implements Disposable {
  /** Sessions that an earlier run has written. */
  readonly earlier: readonly JournalEntry[];
  readonly #file: AppendFile;
  readonly #lock: Deno.FsFile;

  private constructor(
    lock: Deno.FsFile,
    file: AppendFile,
    earlier: readonly JournalEntry[],
  ) {
    this.#lock = lock;
    this.#file = file;
    this.earlier = earlier;
  }

  /**
   * Opens a journal, or starts one.
   *
   * @param kind Kind of the file; one of another kind is not gone on with.
   * @param resume Whether to go on with what is there.
   * @throws {OutputError} If another process writes the file, or what is there
   * is of another kind.
   */
  static async open(
    path: string,
    kind: string,
    resume: boolean,
  ): Promise<Journal> {
    const lock = await lockedFile(path);
    try {
      const lines = resume ? wholeLines(await Deno.readFile(path)) : [];
      const [head, ...entries] = lines.map(({ text }) => JSON.parse(text));
      if (head !== undefined && head.kind !== kind) {
        throw new OutputError(
          `Cannot resume: it was begun as ${head.kind}, expected ${kind}`,
          { path },
        );
      }
      const file = await AppendFile.open(path, lines.at(-1)?.end ?? 0);
      if (head === undefined) await file.write(lineOf({ kind }));
      return new Journal(lock, file, entries);
    } catch (error) {
      lock.close();
      throw error;
    }
  }

  /** Adds a session that is on the disk to its end. */
  async add(entry: JournalEntry): Promise<void> {
    await this.#file.write(lineOf(entry));
    await this.#file.sync();
  }

  /** Closes the journal. */
  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
    this.#lock.close();
  }
}

async function lockedFile(path: string): Promise<Deno.FsFile> {
  const file = await Deno.open(path, { read: true, write: true, create: true });
  if (await file.tryLock(true)) return file;
  file.close();
  throw new OutputError("Cannot write file: another process writes it", {
    path,
  });
}

function lineOf(value: unknown): Uint8Array {
  return ENCODER.encode(`${JSON.stringify(value)}\n`);
}

function wholeLines(bytes: Uint8Array): { text: string; end: number }[] {
  const lines: { text: string; end: number }[] = [];
  for (let start = 0;;) {
    const end = bytes.indexOf(10, start) + 1;
    if (end === 0) return lines;
    const text = DECODER.decode(bytes.subarray(start, end));
    lines.push({ text, end });
    start = end;
  }
}
