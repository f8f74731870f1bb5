import {
  concatMap,
  defer,
  finalize,
  ignoreElements,
  type Observable,
  tap,
} from "rxjs";
import { checkCount } from "../_check.ts";
import { hostOf, ReadAhead } from "../_read_ahead.ts";
import type {
  Presentation,
  Session,
  Signal,
  Stimulus,
  Trials,
} from "../session.ts";
import type { Tensor } from "../tensor.ts";
import { inOrder } from "./_in_order.ts";

/** How far a sink has come. */
export interface SinkProgress {
  /** Sessions read to their end. */
  readonly sessionsDone: number;
  /** Sessions that the source has announced so far: usually all at once. */
  readonly sessionsTotal: number;
  /** Presentations read. */
  readonly presentationsDone: number;
}

/** Options of every sink. */
export interface SinkOptions {
  /**
   * Presentations of a session read at the same time, 1 to 64; so many are in
   * memory at once, and with `parallel()` what it reads ahead, in at most so many
   * workers.
   *
   * @default {1}, or the workers of `parallel()`
   */
  readonly concurrency?: number;
  /** Called after every presentation and every session. */
  readonly onProgress?: (progress: SinkProgress) => void;
}

/** One presentation, read. */
export interface ReadPresentation {
  readonly stimulus: Stimulus;
  /**
   * What the stimulus is, the first time that any cell has a response to it, or
   * that a session with a table of cells lists it.
   */
  readonly read: Signal | Tensor | null;
  readonly trials: Trials;
}

/**
 * Reads session after session and hands every presentation to `visit`, in
 * order; completes without a value. Unsubscribing aborts the read under way.
 *
 * @param begin Called with every session before its presentations are listed.
 */
export function readSessions(
  sessions: Observable<Session>,
  visit: (item: ReadPresentation, session: Session) => void | Promise<void>,
  { concurrency, onProgress }: SinkOptions,
  begin: (session: Session) => void = () => {},
): Observable<never> {
  return defer(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const ahead = new ReadAhead({ concurrency });
    const used = new Set<string>();
    const done = { sessionsDone: 0, sessionsTotal: 0, presentationsDone: 0 };
    const readSession = async (session: Session): Promise<void> => {
      begin(session);
      const all = session.cellNumbers !== undefined;
      await inOrder(
        await session.presentations({ signal }),
        concurrency ?? hostOf(session)?.host.concurrency ?? 1,
        (presentation) => readPresentation(presentation, used, all, signal),
        async (item) => {
          await visit(item, session);
          done.presentationsDone++;
          onProgress?.({ ...done });
        },
      );
      done.sessionsDone++;
      onProgress?.({ ...done });
    };
    return sessions.pipe(
      tap((session) => {
        done.sessionsTotal++;
        ahead.announce(session);
      }),
      concatMap(readSession),
      ignoreElements(),
      finalize(() => {
        leaving.abort();
        ahead.end();
      }),
    );
  });
}

/** Refuses bad {@linkcode SinkOptions} when a sink is called. */
export function checkSinkOptions(act: string, options: SinkOptions): void {
  checkCount(act, "concurrency", options.concurrency ?? 1, 1, 64);
}

async function readPresentation(
  { stimulus, read }: Presentation,
  used: Set<string>,
  all: boolean,
  signal: AbortSignal,
): Promise<ReadPresentation> {
  signal.throwIfAborted();
  const isNew = !used.has(stimulus.key);
  used.add(stimulus.key);
  // The stimulus first: mask() then knows its bins and need not read it too.
  const waveform = isNew ? await stimulus.read({ signal }) : null;
  const trials = await read({ signal });
  if (all || trials.responses.some((response) => response !== null)) {
    return { stimulus, read: waveform, trials };
  }
  if (isNew) used.delete(stimulus.key);
  return { stimulus, read: null, trials };
}
