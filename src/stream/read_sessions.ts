import {
  concatMap,
  defer,
  filter,
  finalize,
  ignoreElements,
  type Observable,
} from "rxjs";
import { checkCount } from "../base/check.ts";
import { lineageOf } from "./lineage.ts";
import { hostOf, ReadAhead } from "./read_ahead.ts";
import type {
  Presentation,
  Session,
  Stimulus,
  Trials,
  Waveform,
} from "../session.ts";
import type { Tensor } from "../tensor.ts";
import { inOrder } from "../base/turns.ts";

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
  readonly read: Waveform | Tensor | null;
  readonly trials: Trials;
}

/** What a sink does with what it reads. */
export interface SessionVisitor {
  /**
   * Called with every session as it arrives; one that is not accepted counts as
   * done and is not read.
   */
  accepts?(session: Session): boolean;
  /** Whether a stimulus need not be read, since it was by an earlier run. */
  knows?(key: string): boolean;
  /** Called with every session before its presentations are listed. */
  begin?(session: Session): void;
  /** Called with every presentation, in order. */
  visit(item: ReadPresentation, session: Session): void | Promise<void>;
  /** Called with every session that is read to its end. */
  end?(session: Session): void | Promise<void>;
}

/**
 * Reads session after session and hands every presentation to a visitor, in
 * order; completes without a value. Unsubscribing aborts the read under way.
 */
export function readSessions(
  sessions: Observable<Session>,
  visitor: SessionVisitor,
  { concurrency, onProgress }: SinkOptions,
): Observable<never> {
  return defer(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const ahead = new ReadAhead({ concurrency });
    const used = new UsedStimuli((key) => visitor.knows?.(key) ?? false);
    const done = { sessionsDone: 0, sessionsTotal: 0, presentationsDone: 0 };
    const readSession = async (session: Session): Promise<void> => {
      visitor.begin?.(session);
      const all = lineageOf(session).cellNumbers !== undefined;
      await inOrder(
        await session.presentations({ signal }),
        concurrency ?? hostOf(session)?.host.concurrency ?? 1,
        (presentation) => readPresentation(presentation, used, all, signal),
        async (item) => {
          await visitor.visit(item, session);
          done.presentationsDone++;
          onProgress?.({ ...done });
        },
      );
      await visitor.end?.(session);
      done.sessionsDone++;
      onProgress?.({ ...done });
    };
    return sessions.pipe(
      filter((session) => {
        done.sessionsTotal++;
        const isAccepted = visitor.accepts?.(session) ?? true;
        if (isAccepted) ahead.announce(session);
        else done.sessionsDone++;
        return isAccepted;
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
  used: UsedStimuli,
  all: boolean,
  signal: AbortSignal,
): Promise<ReadPresentation> {
  signal.throwIfAborted();
  const isNew = used.take(stimulus.key);
  // The stimulus first: mask() then knows its bins and need not read it too.
  const waveform = isNew ? await stimulus.read({ signal }) : null;
  const trials = await read({ signal });
  if (all || trials.responses.some((response) => response !== null)) {
    return { stimulus, read: waveform, trials };
  }
  if (isNew) used.giveBack(stimulus.key);
  return { stimulus, read: null, trials };
}

/** Stimuli that are read, or being read. */
class UsedStimuli {
  readonly #keys = new Set<string>();
  readonly #isKnown: (key: string) => boolean;

  constructor(isKnown: (key: string) => boolean) {
    this.#isKnown = isKnown;
  }

  /** Whether the stimulus is new; it no longer is. */
  take(key: string): boolean {
    const isNew = !this.#keys.has(key) && !this.#isKnown(key);
    this.#keys.add(key);
    return isNew;
  }

  /** Makes a stimulus new again, as nobody has a response to it. */
  giveBack(key: string): void {
    this.#keys.delete(key);
  }
}
