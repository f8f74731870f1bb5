import { OutputError } from "../../errors.ts";
import { AppendFile } from "./append_file.ts";
import { readBytes } from "../../platform/files.ts";
import type { FileSizes } from "./file_format.ts";
import type { SessionTrace } from "./recorder.ts";

/** Session that is written completely. */
export interface JournalEntry extends SessionTrace {
  /** Id of the session. */
  readonly session: string;
  /** Its operators and their options, as JSON. */
  readonly chain: string;
  /** Sizes of the files after the session. */
  readonly sizes: FileSizes;
}

interface Line {
  readonly value: { readonly kind?: string };
  /** Byte after the line. */
  readonly end: number;
}

const DECODER = new TextDecoder();
const ENCODER = new TextEncoder();

/**
 * List of the sessions that a file holds, stored next to it while it is written:
 * one line with the kind of the file and one per session. An incomplete last line
 * is ignored.
 */
export class Journal implements Disposable {
  /** Sessions written by earlier runs. */
  readonly earlier: readonly JournalEntry[];
  readonly #file: AppendFile;

  private constructor(file: AppendFile, earlier: readonly JournalEntry[]) {
    this.#file = file;
    this.earlier = earlier;
  }

  /**
   * Opens or starts a journal.
   *
   * @param kind Kind of the file; a journal of another kind is refused.
   * @param resume Whether to read the journal that exists.
   * @throws {OutputError} If that journal is of another kind, or damaged.
   */
  static async open(
    path: string,
    kind: string,
    resume: boolean,
  ): Promise<Journal> {
    const lines = resume ? wholeLines(await readBytes(path), path) : [];
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

  /** Adds a session once the disk holds all of it. */
  async add(entry: JournalEntry): Promise<void> {
    await this.#file.write(lineOf(entry));
    await this.#file.sync();
  }

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
