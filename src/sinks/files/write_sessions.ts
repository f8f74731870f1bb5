import {
  catchError,
  concatWith,
  defer,
  finalize,
  mergeMap,
  type Observable,
  of,
} from "rxjs";
import { fingerprintOf } from "../../stream/fingerprint.ts";
import type { Session } from "../../session.ts";
import type { ReadKeeper } from "../../stream/kept_reads.ts";
import { readSessions, type SinkOptions } from "../../stream/read_sessions.ts";
import type { ArrayRecord, Ending } from "./array_record.ts";
import type { WriteSummary } from "./file_options.ts";
import {
  checkEarlier,
  checkUsed,
  type JournalEntry,
  tableOf,
} from "./journal.ts";
import { Recorder } from "./recorder.ts";

/** Destination of arrays: a file or a stream. */
export interface Output {
  /** Path of the file; undefined for a stream. */
  readonly path?: string;
  /** Sessions that the file already holds. */
  readonly earlier: readonly JournalEntry[];
  /** Keeps what a pass reads before the sink does; a stream has no place for it. */
  readonly keeper?: ReadKeeper;
  /** Appends the arrays of one presentation. */
  write(records: Iterable<ArrayRecord>): Promise<void>;
  /** Marks a session as complete. */
  endSession(entry: Omit<JournalEntry, "mark">): Promise<void>;
  /** Summary of a file that an earlier run completed; nothing is written. */
  readonly finished?: WriteSummary;
  /** Bytes written, if an error means that nobody reads the output any more. */
  bytesAtEnd?(error: unknown): number | undefined;
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
      // No subscriber is left to take an error. A part that cannot be removed
      // stays, and its journal: the next run removes or resumes it.
      finalize(() => void opening.leave().catch(() => {})),
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
  if (output.finished) return of(output.finished);
  const recorder = new Recorder();
  const summary = (bytes: number): WriteSummary => ({
    ...(output.path !== undefined && { path: output.path }),
    bytes,
    ...recorder.counts,
    tally: recorder.tally,
  });
  const earlier = [...output.earlier];
  return readSessions(sessions, {
    ...(output.keeper && { keeper: output.keeper }),
    accepts(session): boolean {
      const entry = earlier.shift();
      if (entry === undefined) return true;
      checkEarlier(session, entry, output);
      recorder.restore(session, entry);
      return false;
    },
    knows: (key) => recorder.used.has(key),
    begin: (session) => recorder.begin(session),
    visit: (item, session) => output.write(recorder.record(item, session)),
    end: (session) =>
      output.endSession({
        session: session.id,
        table: tableOf(session),
        stream: fingerprintOf(session),
        ...recorder.trace(session),
      }),
  }, options).pipe(
    concatWith(defer(async () => {
      checkUsed(earlier, output);
      return summary(await output.commit(recorder.ending()));
    })),
    catchError((error) => {
      const bytes = output.bytesAtEnd?.(error);
      if (bytes === undefined) throw error;
      return of(summary(bytes));
    }),
  );
}
