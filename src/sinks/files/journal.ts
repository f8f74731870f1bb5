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

interface Line {
  readonly value: { readonly kind?: string };
  /** Byte behind it. */
  readonly end: number;
}

const DECODER = new TextDecoder();
const ENCODER = new TextEncoder();

/**
 * Which sessions a file already holds, kept beside it while it is written: a
 * line for the kind of file and one per session. A line that was cut short is
 * as if it were not there.
 */
export class Journal implements Disposable {
  /** Sessions that an earlier run has written. */
  readonly earlier: readonly JournalEntry[];
  readonly #file: AppendFile;

  private constructor(file: AppendFile, earlier: readonly JournalEntry[]) {
    this.#file = file;
    this.earlier = earlier;
  }

  /**
   * Opens a journal, or starts one.
   *
   * @param kind Kind of the file; one of another kind is not gone on with.
   * @param resume Whether to go on with what is there.
   * @throws {OutputError} If what is there is of another kind, or damaged.
   */
  static async open(
    path: string,
    kind: string,
    resume: boolean,
  ): Promise<Journal> {
    const lines = resume ? wholeLines(await Deno.readFile(path), path) : [];
    const [head, ...entries] = lines.map(({ value }) => value);
    if (head !== undefined && head.kind !== kind) {
      throw new OutputError(
        `Cannot resume: it was begun as ${head.kind}, expected ${kind}`,
        { path },
      );
    }
    const file = await AppendFile.open(path, lines.at(-1)?.end ?? 0);
    const journal = new Journal(file, entries as JournalEntry[]);
    if (head === undefined) await file.write(lineOf({ kind }));
    return journal;
  }

  /** Adds a session that is on the disk to its end. */
  async add(entry: JournalEntry): Promise<void> {
    await this.#file.write(lineOf(entry));
    await this.#file.sync();
  }

  /** Closes the journal. */
  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

function lineOf(value: unknown): Uint8Array {
  return ENCODER.encode(`${JSON.stringify(value)}\n`);
}

function wholeLines(bytes: Uint8Array, path: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0;;) {
    const end = bytes.indexOf(10, start) + 1;
    if (end === 0) return lines;
    const text = DECODER.decode(bytes.subarray(start, end));
    lines.push({ value: parsed(text, path), end });
    start = end;
  }
}

function parsed(text: string, path: string): Line["value"] {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OutputError(
      "Cannot resume: what was noted of the run before is damaged, write anew",
      { path, cause },
    );
  }
}
