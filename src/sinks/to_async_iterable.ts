import type { Observable } from "rxjs";
import { checkCount } from "../base/check.ts";
import { hostOf, ReadAhead } from "../stream/read_ahead.ts";
import type {
  CellMeta,
  CellResponse,
  GateTally,
  Session,
  Stimulus,
  Waveform,
} from "../session.ts";
import type { Tensor } from "../tensor.ts";
import { PresentationCursor, StimulusReads } from "./_presentation_cursor.ts";

/** Options for {@linkcode toAsyncIterable}. */
export interface AsyncIterableOptions {
  /**
   * Presentations read before they are asked for, 0 to 1024: so many are in
   * memory beside the one in use.
   *
   * @default {0}, or with `parallel()` as many as its 64 MB hold
   */
  readonly prefetch?: number;
}

/** One presentation, read. */
export interface PresentationItem {
  /** The session that heard it. */
  readonly session: Session;
  /** The cells of {@linkcode PresentationItem.responses}. */
  readonly cells: readonly CellMeta[];
  /** What was heard: its key, metadata and duration. */
  readonly stimulus: Stimulus;
  /**
   * The stimulus itself: a `(1, F, T)` tensor, or what the chain made of it. The
   * same array wherever the same stimulus returns, while it is remembered.
   */
  readonly stims: Waveform | Tensor;
  /** One entry per cell, null where no repeat is left. */
  readonly responses: readonly (CellResponse | null)[];
  /** Repeats of this presentation kept and dropped by the gate. */
  readonly tally: GateTally;
}

/**
 * Reads sessions for a `for await` loop, such as a training loop: one
 * presentation at a time, when the loop asks for it.
 *
 * - In: sessions at any stage of a chain. Out: every presentation in order, also
 *   one without a response left.
 * - At most `prefetch` presentations are read ahead of the one in use, however
 *   slow the loop and whatever the chain. Of 500 sessions with 1 MiB each, behind
 *   `filter`, `concatMap(async ...)`, `mergeMap(async ..., 4)` and a slow
 *   `mapResponses()`, it holds 1 at `prefetch: 0` and 5 at `prefetch: 4`; plain
 *   `from(asyncGenerator)` behind the same operators holds all 500 before the
 *   first one is done.
 * - `break`, or an error in the loop, aborts the reads under way. An error of the
 *   stream is thrown once all that came before it was given.
 * - A stimulus is read once, by its key: those last used are remembered, up to
 *   64 MB together.
 * - Every loop over it is a subscription of its own.
 *
 * @example A training loop that stops early
 * ```ts
 * import { crcnsAc1Pipeline, toAsyncIterable, wehr } from "rxephys";
 *
 * async function train(step: (x: unknown, y: unknown) => Promise<number>) {
 *   const sessions = wehr("data").pipe(crcnsAc1Pipeline());
 *   for await (
 *     const { stims, responses } of toAsyncIterable(sessions, { prefetch: 2 })
 *   ) {
 *     if (responses.every((response) => response === null)) continue;
 *     if (await step(stims, responses) < 0.1) break;
 *   }
 * }
 * ```
 *
 * @param sessions The stream.
 * @throws {TypeError} When called, if `prefetch` is no number.
 * @throws {RangeError} When called, if `prefetch` is outside its range.
 */
export function toAsyncIterable(
  sessions: Observable<Session>,
  options: AsyncIterableOptions = {},
): AsyncIterable<PresentationItem> {
  const { prefetch } = options;
  if (prefetch !== undefined) {
    checkCount("iterate over sessions", "prefetch", prefetch, 0, 1024);
  }
  return {
    [Symbol.asyncIterator]: (): AsyncIterator<PresentationItem> => {
      const leaving = new AbortController();
      const all = items(sessions, prefetch, leaving);
      return {
        next: () => all.next(),
        return: () => {
          // A generator would let a read that is under way come to its end.
          leaving.abort();
          return all.return();
        },
      };
    },
  };
}

async function* items(
  sessions: Observable<Session>,
  prefetch: number | undefined,
  leaving: AbortController,
): AsyncGenerator<PresentationItem, void, undefined> {
  const { signal } = leaving;
  signal.throwIfAborted();
  const ahead = new ReadAhead({ concurrency: prefetch, waiting: prefetch });
  const cursor = new PresentationCursor(sessions, ahead, signal);
  const stimuli = new StimulusReads();
  const pending: Promise<PresentationItem | null>[] = [];
  const begin = (): void => {
    const item = readNext(cursor, stimuli, signal);
    // Thrown when its turn comes; the loop may leave before.
    item.catch(() => {});
    pending.push(item);
  };
  try {
    while (true) {
      if (pending.length === 0) begin();
      const item = await (pending.shift() as typeof pending[number]);
      if (item === null) return;
      // Where workers read ahead, they do it all.
      const depth = hostOf(item.session) ? 0 : prefetch ?? 0;
      while (pending.length < depth) begin();
      yield item;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    leaving.abort();
    cursor.end();
    ahead.end();
  }
}

async function readNext(
  cursor: PresentationCursor,
  stimuli: StimulusReads,
  signal: AbortSignal,
): Promise<PresentationItem | null> {
  const heard = await cursor.next();
  if (heard === null) return null;
  const { session, presentation } = heard;
  const { stimulus } = presentation;
  // The stimulus first: mask() then knows its bins and need not read it too.
  const stims = await stimuli.read(stimulus, signal);
  const { responses, tally } = await presentation.read({ signal });
  return { session, cells: session.cells, stimulus, stims, responses, tally };
}
