import {
  catchError,
  concatWith,
  defer,
  finalize,
  mergeMap,
  type Observable,
} from "rxjs";
import { OutputError } from "../../errors.ts";
import { linksOf } from "../../stream/lineage.ts";
import type { Session } from "../../session.ts";
import { readSessions, type SinkOptions } from "../../stream/read_sessions.ts";
import type { ArrayRecord, Ending } from "./array_record.ts";
import type { WriteSummary } from "./file_options.ts";
import type { JournalEntry } from "./journal.ts";
import { Recorder } from "./recorder.ts";

/** Destination of arrays: a file or a stream. */
export interface Output {
  /** Path of the file; undefined for a stream. */
  readonly path?: string;
  /** Sessions that the file already holds. */
  readonly earlier: readonly JournalEntry[];
  /** Appends the arrays of one presentation. */
  write(records: Iterable<ArrayRecord>): Promise<void>;
  /** Marks a session as complete. */
  endSession(entry: Omit<JournalEntry, "sizes">): Promise<void>;
  /** Completes the output and returns its size in bytes. */
  commit(ending: Ending): Promise<number>;
  /** Closes the output after the write under way. */
  leave(): Promise<void>;
}

/**
 * Writes the arrays of each presentation as soon as it is read; emits one summary
 * at the end.
 *
 * @param open Opens the output, once per subscription.
 */
export function writeSessions(
  sessions: Observable<Session>,
  open: () => Promise<Output>,
  options: SinkOptions,
): Observable<WriteSummary> {
  return defer(() => {
    const opening = new Opening(open);
    return defer(() => opening.output()).pipe(
      mergeMap((output) => writeTo(output, sessions, options)),
      // The output is closed before the error is passed on. If closing fails,
      // too, the first error counts.
      catchError(async (error) => {
        await opening.leave().catch(() => {});
        throw error;
      }),
      // Nothing awaits this: a failure is an unhandled rejection.
      finalize(() => void opening.leave()),
    );
  });
}

/** Output that may be left before it is open. */
class Opening {
  readonly #open: () => Promise<Output>;
  #output: Output | undefined;
  #isLeft = false;

  constructor(open: () => Promise<Output>) {
    this.#open = open;
  }

  async output(): Promise<Output> {
    const output = await this.#open();
    this.#output = output;
    if (this.#isLeft) await output.leave();
    return output;
  }

  async leave(): Promise<void> {
    this.#isLeft = true;
    await this.#output?.leave();
  }
}

function writeTo(
  output: Output,
  sessions: Observable<Session>,
  options: SinkOptions,
): Observable<WriteSummary> {
  const recorder = new Recorder();
  const earlier = [...output.earlier];
  return readSessions(sessions, {
    accepts(session): boolean {
      const entry = earlier.shift();
      if (entry === undefined) return true;
      checkSame(session, entry, output);
      recorder.restore(session, entry);
      return false;
    },
    knows: (key) => recorder.used.has(key),
    begin: (session) => recorder.begin(session),
    visit: (item, session) => output.write(recorder.record(item, session)),
    end: (session) =>
      output.endSession({
        session: session.id,
        chain: chainOf(session),
        ...recorder.trace(session),
      }),
  }, options).pipe(
    concatWith(defer(async () => {
      checkUsed(earlier, output);
      const bytes = await output.commit(recorder.ending());
      const { path } = output;
      return { path, bytes, ...recorder.counts, tally: recorder.tally };
    })),
  );
}

function checkSame(
  session: Session,
  entry: JournalEntry,
  { path = "" }: Output,
): void {
  if (session.id !== entry.session) {
    throw new OutputError(
      `Cannot resume: a session is "${session.id}", expected ` +
        `"${entry.session}" as written before`,
      { path },
    );
  }
  if (chainOf(session) !== entry.chain) {
    throw new OutputError(
      `Cannot resume: the operators of session "${session.id}" or their ` +
        "options differ from those it was written with",
      { path },
    );
  }
}

function checkUsed(
  earlier: readonly JournalEntry[],
  { path = "" }: Output,
): void {
  const [missing] = earlier;
  if (missing === undefined) return;
  throw new OutputError(
    `Cannot resume: the stream ends before session "${missing.session}", ` +
      "which was written before",
    { path },
  );
}

/** Known operators of a session and their options, as JSON. */
function chainOf(session: Session): string {
  const steps = linksOf(session).map(({ step: { name, call } }) => ({
    name,
    options: call?.args,
  }));
  return JSON.stringify(steps);
}
