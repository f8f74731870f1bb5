import {
  concatMap,
  concatWith,
  defer,
  type MonoTypeOperatorFunction,
} from "rxjs";
import { checkCount } from "../base/check.ts";
import { randomBelow, sfc32 } from "../base/random.ts";
import { type Step, withStep } from "../stream/lineage.ts";
import type { Session } from "../session.ts";
import { HeadStart, sessionParts } from "./_session_parts.ts";

/** Options for {@linkcode shuffleBuffer}. */
export interface ShuffleBufferOptions {
  /**
   * Sessions whose presentations are mixed at a time, at least 1.
   *
   * @default {8}
   */
  readonly size?: number;
  /**
   * Names the order, a whole number from 0 to 2^53 - 1. An epoch of its own
   * order: `seed + epoch`.
   *
   * @default {0}
   */
  readonly seed?: number;
  /**
   * Presentations to pass over, at least 0: those that an earlier run has had.
   *
   * @default {0}
   */
  readonly startAt?: number;
}

/**
 * Mixes the presentations of different sessions, for training straight from an
 * archive.
 *
 * - In: sessions at any stage of a chain. Out: 64 sessions for each of them,
 *   with its id and its cells, that list every presentation once between them; of
 *   up to 64 presentations each comes alone, of more so many at a time as are
 *   needed, and of fewer most lists are empty.
 * - `size` sessions are open at a time. One of them is drawn, each as likely as
 *   the other, and gives a part of what is left of it, in an order of its own;
 *   when one is used up, the next of the stream takes its place.
 * - Nothing is read, or listed, when a session passes: handles alone are held
 *   back. A session is listed when its first part is, and listed once. Let the
 *   source's `maxCacheBytes` hold `size` sessions, else they are loaded again and
 *   again.
 * - The order hangs on the seed, `size` and the sessions alone. After
 *   `startAt: k` come presentations k, k + 1, ... of the whole run; those passed
 *   over are listed, never read.
 * - Put it last, for `toAsyncIterable`; other sinks take it, too, and know the
 *   cells again. Behind `parallel()` nothing is read ahead but `prefetch`.
 *
 * @example An epoch of training from the archive, from presentation `done` on
 * ```ts
 * import {
 *   crcnsAc1Pipeline,
 *   shuffleBuffer,
 *   toAsyncIterable,
 *   wehr,
 * } from "rxephys";
 *
 * async function train(epoch: number, done = 0): Promise<number> {
 *   const sessions = wehr("data").pipe(
 *     crcnsAc1Pipeline(),
 *     shuffleBuffer({ size: 8, seed: epoch, startAt: done }),
 *   );
 *   for await (const { stims, responses } of toAsyncIterable(sessions)) {
 *     console.log(stims, responses);
 *     done++;
 *   }
 *   return done;
 * }
 * ```
 *
 * @throws {RangeError} When called, if an option is outside its range.
 * @throws {TypeError} When called, if an option is no number.
 */
export function shuffleBuffer(
  options: ShuffleBufferOptions = {},
): MonoTypeOperatorFunction<Session> {
  const { size = 8, seed = 0, startAt = 0 } = options;
  checkCount("shuffle", "size", size, 1);
  checkCount("shuffle", "seed", seed, 0);
  checkCount("shuffle", "startAt", startAt, 0);
  return (sessions) =>
    defer(() => {
      const buffer = new PartBuffer({ size, seed, startAt });
      return sessions.pipe(
        concatMap((session) => buffer.add(session)),
        concatWith(defer(() => buffer.rest())),
      );
    });
}

/** An open session. */
interface Open {
  readonly session: Session;
  readonly parts: Iterator<Session, void, void>;
}

class PartBuffer {
  readonly #size: number;
  readonly #random: () => number;
  readonly #headStart: HeadStart;
  readonly #step: Step;
  readonly #open: Open[] = [];

  constructor(options: Required<ShuffleBufferOptions>) {
    this.#size = options.size;
    this.#random = sfc32(options.seed);
    this.#headStart = new HeadStart(options.startAt);
    this.#step = {
      name: "shuffleBuffer",
      call: {
        module: import.meta.url,
        name: "shuffleBuffer",
        args: [options],
      },
      // A worker knows a session by its id, which all of its parts have.
      obstacle: "shuffleBuffer() after parallel()",
    };
  }

  /** Opens a session; the parts that are drawn until there is room for another. */
  *add(session: Session): Generator<Session, void, void> {
    const parts = sessionParts(session, this.#random(), this.#headStart);
    this.#open.push({ session, parts });
    while (this.#open.length >= this.#size) yield* this.#draw();
  }

  /** What is left, once there are no more sessions. */
  *rest(): Generator<Session, void, void> {
    while (this.#open.length > 0) yield* this.#draw();
  }

  /** A part of a session, or none where that was used up. */
  *#draw(): Generator<Session, void, void> {
    const at = randomBelow(this.#open.length, this.#random);
    const { session, parts } = this.#open[at];
    const { value, done } = parts.next();
    if (done) this.#open.splice(at, 1);
    else yield withStep(value, session, this.#step);
  }
}
