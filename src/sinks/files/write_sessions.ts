import { concatWith, defer, finalize, mergeMap, type Observable } from "rxjs";
import { OutputError } from "../../errors.ts";
import { linksOf } from "../../_recipe.ts";
import type { Session } from "../../session.ts";
import { readSessions, type SinkOptions } from "../_read_sessions.ts";
import type { ArrayRecord, RestHead } from "./array_record.ts";
import type { WriteSummary } from "./file_options.ts";
import type { JournalEntry } from "./journal.ts";
import { Recorder } from "./recorder.ts";

/** Where arrays go: a file that is being written, or somebody's stream. */
export interface Output extends Disposable {
  /** The file, if it is one. */
  readonly path?: string;
  /** Sessions that it holds already. */
  readonly earlier: readonly JournalEntry[];
  /** Appends the arrays of one presentation. */
  write(records: Iterable<ArrayRecord>): Promise<void>;
  /** Notes that a session is written to its end. */
  endSession(entry: Omit<JournalEntry, "sizes">): Promise<void>;
  /** Makes a whole of it; returns its bytes. */
  commit(rest?: RestHead): Promise<number>;
}

/**
 * Writes sessions, the arrays of a presentation as soon as it is read; emits one
 * summary when all is written.
 *
 * @param open Opens what is written to, once per subscription.
 */
export function writeSessions(
  sessions: Observable<Session>,
  open: () => Promise<Output>,
  options: SinkOptions,
): Observable<WriteSummary> {
  return defer(open).pipe(
    mergeMap((output) => {
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
          const bytes = await output.commit(recorder.rest());
          const { path } = output;
          return { path, bytes, ...recorder.counts, tally: recorder.tally };
        })),
        finalize(() => output[Symbol.dispose]()),
      );
    }),
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

/** The operators behind a session, as far as they can be told. */
function chainOf(session: Session): string {
  const steps = linksOf(session).map(({ step: { name, call } }) => ({
    name,
    options: call?.args,
  }));
  return JSON.stringify(steps);
}
