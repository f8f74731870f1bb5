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
import type { ReadKeeper } from "./kept_reads.ts";
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

/** Progress of a sink. */
export interface SinkProgress {
  /** Sessions that were read completely. */
  readonly sessionsDone: number;
  /** Sessions that the source has emitted so far, usually all at once. */
  readonly sessionsTotal: number;
  /** Presentations read, also by a pass that keeps them for the sink. */
  readonly presentationsDone: number;
}

/** Options of all sinks. */
export interface SinkOptions {
  /**
   * Number of presentations of a session that are read at the same time, 1 to 64,
   * and are in memory at once. With `parallel()` it limits the workers, and the
   * presentations read ahead are in memory, too.
   *
   * @default {1}, or the workers of `parallel()`
   */
  readonly concurrency?: number;
  /** Called after every presentation and every session. */
  readonly onProgress?: (progress: SinkProgress) => void;
}

/** One presentation that was read. */
export interface ReadPresentation {
  readonly stimulus: Stimulus;
  /**
   * The stimulus at its first response, or when a session lists it first whose
   * data set has a table of cells, or which goes to a shard; otherwise null.
   */
  readonly read: Waveform | Tensor | null;
  readonly trials: Trials;
}

/** Callbacks of a sink. */
export interface SessionVisitor {
  /** Keeps what a pass reads before the sink does; see {@linkcode ReadKeeper}. */
  readonly keeper?: ReadKeeper;
  /** Called when a session arrives; if false, it counts as done and is not read. */
  accepts?(session: Session): boolean;
  /** Whether an earlier run has read a stimulus already. */
  knows?(key: string): boolean;
  /** Called before the presentations of a session are listed. */
  begin?(session: Session): void;
  /** Called with each presentation, in order. */
  visit(item: ReadPresentation, session: Session): void | Promise<void>;
  /** Called when a session was read completely. */
  end?(session: Session): void | Promise<void>;
}

/**
 * Reads sessions one by one and passes each presentation to a visitor, in order.
 * Completes without a value. Unsubscribing aborts the reads under way.
 */
export function readSessions(
  sessions: Observable<Session>,
  visitor: SessionVisitor,
  { concurrency, onProgress }: SinkOptions,
): Observable<never> {
  return defer(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const used = new UsedStimuli((key) => visitor.knows?.(key) ?? false);
    const done = { sessionsDone: 0, sessionsTotal: 0, presentationsDone: 0 };
    let [kept, visited] = [0, 0];
    const report = (): void => {
      done.presentationsDone = Math.max(kept, visited);
      onProgress?.({ ...done });
    };
    const { keeper } = visitor;
    const ahead = new ReadAhead({
      ...(concurrency !== undefined && { concurrency }),
      ...(keeper && {
        keeper: reporting(keeper, () => {
          kept++;
          report();
        }),
      }),
    });
    const readSession = async (session: Session): Promise<void> => {
      visitor.begin?.(session);
      const { cellNumbers, everyStimulus } = lineageOf(session);
      const all = everyStimulus === true || cellNumbers !== undefined;
      const own = everyStimulus ? new UsedStimuli(() => false) : used;
      await inOrder(
        await session.presentations({ signal }),
        concurrency ?? hostOf(session)?.host.concurrency ?? 1,
        (presentation) => readPresentation(presentation, own, all, signal),
        async (item) => {
          await visitor.visit(item, session);
          visited++;
          report();
        },
      );
      await visitor.end?.(session);
      done.sessionsDone++;
      report();
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
        controller.abort();
        ahead.end();
      }),
    );
  });
}

/** A keeper that calls a function after each presentation that it keeps. */
function reporting(keeper: ReadKeeper, report: () => void): ReadKeeper {
  return {
    keep: async (result) => {
      const kept = await keeper.keep(result);
      if ("responses" in result) report();
      return kept;
    },
  };
}

/** Refuses invalid {@linkcode SinkOptions} when a sink is called. */
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
  const isNew = used.add(stimulus.key);
  // The stimulus comes first: mask() then knows its bins without reading it.
  const waveform = isNew ? await stimulus.read({ signal }) : null;
  const trials = await read({ signal });
  if (all || trials.responses.some((response) => response !== null)) {
    return { stimulus, read: waveform, trials };
  }
  if (isNew) used.delete(stimulus.key);
  return { stimulus, read: null, trials };
}

/** Stimuli that were or are being read. */
class UsedStimuli {
  readonly #keys = new Set<string>();
  readonly #isKnown: (key: string) => boolean;

  constructor(isKnown: (key: string) => boolean) {
    this.#isKnown = isKnown;
  }

  /** Marks a stimulus as used; returns whether it was new. */
  add(key: string): boolean {
    const isNew = !this.#keys.has(key) && !this.#isKnown(key);
    this.#keys.add(key);
    return isNew;
  }

  /** Marks a stimulus without a response as new again. */
  delete(key: string): void {
    this.#keys.delete(key);
  }
}
