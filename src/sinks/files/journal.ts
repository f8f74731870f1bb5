import { OutputError } from "../../errors.ts";
import { open, readBytes } from "../../platform/files.ts";
import { crc32 } from "../../platform/zlib.ts";
import type { Session } from "../../session.ts";
import {
  differenceOf,
  type Fingerprint,
  fingerprintOf,
  VERSION,
} from "../../stream/fingerprint.ts";
import { AppendFile } from "./append_file.ts";
import type { WriteMark } from "./file_format.ts";
import type { SessionTrace } from "./recorder.ts";

/** Session that is written completely. */
export interface JournalEntry extends SessionTrace {
  /** Id of the session. */
  readonly session: string;
  /** CRC-32 of the session's cells with their metadata, as JSON. */
  readonly table: number;
  /** Stream of the session. */
  readonly stream: Fingerprint;
  /** Facts that the file holds beside the stream, by name. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Files after the session. */
  readonly mark: WriteMark;
}

/** Line of the journal, without its checksum. */
type Line =
  | { readonly journal: string; readonly kind: string }
  | { readonly stream: Fingerprint }
  | Omit<JournalEntry, "stream">;

/** Start of a journal. */
const HEAD = '{"journal":"rxephys';
/** Bytes of the last entry of a line, its checksum, and of the line feed. */
const SUM = `,"sum":"${"0".repeat(8)}"}\n`.length;
const DECODER = new TextDecoder();
const ENCODER = new TextEncoder();

/**
 * List of the sessions that a file holds, stored next to it while it is written:
 * one line with the kind of the file, one per stream and one per session. Each
 * line is JSON and ends with the CRC-32 of the journal up to there, so that none
 * can change or go missing unnoticed. An incomplete last line is ignored.
 */
export class Journal implements Disposable {
  /** Sessions written by earlier runs. */
  readonly earlier: readonly JournalEntry[];
  readonly #file: AppendFile;
  #stream: string | undefined;

  private constructor(file: AppendFile, earlier: readonly JournalEntry[]) {
    this.#file = file;
    this.earlier = earlier;
    const last = earlier.at(-1);
    this.#stream = last && JSON.stringify(last.stream);
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
    const bytes = resume ? await readBytes(path) : new Uint8Array(0);
    const whole = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
    const [head, ...lines] = parsed(whole, path);
    if (head !== undefined) checkHead(head, kind, path);
    const kept = { size: whole.length, crc32: crc32(whole) };
    const file = await AppendFile.open(path, kept);
    const journal = new Journal(file, entriesOf(lines));
    if (head === undefined) await journal.#begin(kind);
    return journal;
  }

  /** Adds a session once the disk holds all of it. */
  async add({ stream, ...entry }: JournalEntry): Promise<void> {
    const print = JSON.stringify(stream);
    if (print !== this.#stream) await this.#write({ stream });
    this.#stream = print;
    await this.#write(entry);
    await this.#file.sync();
  }

  /** Descriptions of the files after each session, of this run as well. */
  async marks(): Promise<readonly WriteMark[]> {
    await this.#file.sync();
    const { path } = this.#file;
    const [, ...lines] = parsed(await readBytes(path), path);
    return entriesOf(lines).map(({ mark }) => mark);
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  // On the disk before there is a part: without a journal, nothing is ours.
  async #begin(kind: string): Promise<void> {
    await this.#write({ journal: `rxephys ${VERSION}`, kind });
    await this.#file.sync();
  }

  async #write(line: Line): Promise<void> {
    const json = ENCODER.encode(JSON.stringify(line).slice(0, -1));
    await this.#file.write(json);
    await this.#file.write(ENCODER.encode(ending(this.#file.extent.crc32)));
  }
}

/** Whether a file is empty, a journal, or something that no sink wrote. */
export async function journalKind(
  path: string,
): Promise<"empty" | "journal" | "other"> {
  const file = await open(path, { read: true });
  try {
    const start = new Uint8Array(HEAD.length);
    const read = await file.read(start);
    if (read === null) return "empty";
    const text = DECODER.decode(start.subarray(0, read));
    return text === HEAD ? "journal" : "other";
  } finally {
    file.close();
  }
}

/** End of a line: the checksum of the journal before it. */
function ending(sum: number): string {
  return `,"sum":"${sum.toString(16).padStart(8, "0")}"}\n`;
}

function parsed(bytes: Uint8Array, path: string): Line[] {
  const lines: Line[] = [];
  let before = 0;
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(10, start) + 1;
    const json = bytes.subarray(start, Math.max(start, end - SUM));
    const sum = DECODER.decode(bytes.subarray(start + json.length, end));
    if (sum !== ending(crc32(json, before))) throw damagedError(path);
    lines.push(JSON.parse(`${DECODER.decode(json)}}`));
    before = crc32(bytes.subarray(start, end), before);
    start = end;
  }
  return lines;
}

function damagedError(path: string): OutputError {
  return new OutputError(
    "Cannot resume: the journal of the run before is damaged, write anew",
    { path },
  );
}

function checkHead(head: Line, kind: string, path: string): void {
  const found = "kind" in head ? head.kind : "of another form";
  if (found === kind) return;
  throw new OutputError(
    `Cannot resume: it was begun as ${found}, expected ${kind}`,
    { path },
  );
}

function entriesOf(lines: readonly Line[]): JournalEntry[] {
  const entries: JournalEntry[] = [];
  let stream: Fingerprint | undefined;
  for (const line of lines) {
    if ("stream" in line) stream = line.stream;
    else if ("session" in line && stream) entries.push({ ...line, stream });
  }
  return entries;
}

/** Output that errors name. */
interface Place {
  readonly path?: string;
}

/**
 * Refuses a session that is not the one which an earlier run wrote in its place.
 *
 * @throws {OutputError} If it differs in its stream, its id or its cells.
 */
export function checkEarlier(
  session: Session,
  entry: JournalEntry,
  place: Place,
): void {
  checkStream(session, entry.stream, place);
  checkSame(session, entry, place);
}

function checkSame(
  session: Session,
  entry: JournalEntry,
  { path = "" }: Place,
): void {
  if (session.id !== entry.session) {
    throw new OutputError(
      `Cannot resume: a session is "${session.id}", expected ` +
        `"${entry.session}" as written before`,
      { path },
    );
  }
  if (tableOf(session) !== entry.table) {
    throw new OutputError(
      `Cannot resume: the cells of session "${session.id}" or their metadata ` +
        "are not those that were written",
      { path },
    );
  }
}

function checkStream(
  session: Session,
  before: Fingerprint,
  { path = "" }: Place,
): void {
  const difference = differenceOf(before, fingerprintOf(session));
  if (difference === undefined) return;
  throw new OutputError(`Cannot resume: ${difference}`, { path });
}

/** Refuses a stream that ends before all that an earlier run wrote. */
export function checkUsed(
  earlier: readonly JournalEntry[],
  { path = "" }: Place,
): void {
  const [missing] = earlier;
  if (missing === undefined) return;
  throw new OutputError(
    `Cannot resume: the stream ends before session "${missing.session}", ` +
      "which was written before",
    { path },
  );
}

/** Checksum of a session's cells and their metadata. */
export function tableOf({ cells }: Session): number {
  return crc32(new TextEncoder().encode(JSON.stringify(cells)));
}
