import {
  concatMap,
  concatWith,
  defer,
  type MonoTypeOperatorFunction,
} from "rxjs";
import { checkCount } from "../base/check.ts";
import { randomBelow, sfc32 } from "../base/random.ts";
import { checkShard, type Shard, WHOLE } from "../base/shard.ts";
import { type Step, withStep } from "../stream/lineage.ts";
import type { Session } from "../session.ts";
import { checkOperatorOptions } from "./_arguments.ts";
import { sessionParts, StreamShare } from "./_session_parts.ts";

/** Options for {@linkcode shuffleBuffer}. */
export interface ShuffleBufferOptions {
  /**
   * Sessions whose presentations are mixed at a time, at least 1.
   *
   * @default {8}
   */
  readonly size?: number;
  /**
   * Determines the order, a whole number from 0 to 2^53 - 1. Use `seed + epoch`
   * for another order in each epoch.
   *
   * @default {0}
   */
  readonly seed?: number;
  /**
   * Share of the order to emit: every `count`-th presentation, from the `index`-th
   * on.
   *
   * @default {{ index: 0, count: 1 }}
   */
  readonly shard?: Shard;
  /**
   * Presentations of the shard to skip, at least 0: those that an earlier run has
   * used.
   *
   * @default {0}
   */
  readonly startAt?: number;
}

/**
 * Mixes the presentations of different sessions, for training straight from an
 * archive.
 *
 * - In: sessions at any stage of a chain. Out: 64 parts of each session, with
 *   its id and cells, which together list every presentation once. A session with
 *   up to 64 presentations gives one a part, and empty parts; a longer one gives
 *   several a part.
 * - `size` sessions are open at a time. Each draw picks one of them, all equally
 *   likely, and emits its next part, in random order; when a session is used up,
 *   the next of the stream takes its place.
 * - Nothing is read or listed when a session passes: only handles wait. A session
 *   is listed once, when its first part is. Set the source's `maxCacheBytes` to
 *   hold `size` sessions, or they are loaded again and again.
 * - The order depends only on the seed, `size` and the sessions. `startAt: k`
 *   continues with presentations k, k + 1, ... of the whole run; those skipped are
 *   listed, never read.
 * - Several programs with the same options and each its `shard` read every
 *   presentation once, whatever their number. Each lists all sessions, to count
 *   their presentations.
 * - Put it last, for `toAsyncIterable`; other sinks accept it too and recognize
 *   the cells. Behind `parallel()` only `prefetch` reads ahead.
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
 * @throws {TypeError} When called, if an option is no number.
 * @throws {RangeError} When called, if an option does not exist or is outside its
 * range.
 */
export function shuffleBuffer(
  options: ShuffleBufferOptions = {},
): MonoTypeOperatorFunction<Session> {
  const known = ["size", "seed", "shard", "startAt"] as const;
  checkOperatorOptions("shuffle", "shuffleBuffer", options, known);
  const { size = 8, seed = 0, shard = WHOLE, startAt = 0 } = options;
  checkCount("shuffle", "size", size, 1);
  checkCount("shuffle", "seed", seed, 0);
  checkShard("shuffle", shard);
  checkCount("shuffle", "startAt", startAt, 0);
  return (sessions) =>
    defer(() => {
      const buffer = new PartBuffer({ size, seed, shard, startAt });
      return sessions.pipe(
        concatMap((session) => buffer.add(session)),
        concatWith(defer(() => buffer.rest())),
      );
    });
}

/** An open session and the parts not drawn yet. */
interface Open {
  readonly session: Session;
  readonly parts: Iterator<Session, void, void>;
}

class PartBuffer {
  readonly #size: number;
  readonly #random: () => number;
  readonly #share: StreamShare;
  readonly #step: Step;
  readonly #open: Open[] = [];

  constructor(options: Required<ShuffleBufferOptions>) {
    this.#size = options.size;
    this.#random = sfc32(options.seed);
    this.#share = new StreamShare(options.shard, options.startAt);
    this.#step = {
      name: "shuffleBuffer",
      call: {
        module: import.meta.url,
        name: "shuffleBuffer",
        args: [options],
      },
      // Workers look sessions up by id, and all parts of a session share one.
      obstacle: "shuffleBuffer() after parallel()",
    };
  }

  /** Opens a session; draws parts until there is room for another one. */
  *add(session: Session): Generator<Session, void, void> {
    const parts = sessionParts(session, this.#random(), this.#share);
    this.#open.push({ session, parts });
    while (this.#open.length >= this.#size) yield* this.#draw();
  }

  /** Draws the parts that are left when the stream ends. */
  *rest(): Generator<Session, void, void> {
    while (this.#open.length > 0) yield* this.#draw();
  }

  /** Draws a part of a random session, or none if it is used up. */
  *#draw(): Generator<Session, void, void> {
    const at = randomBelow(this.#open.length, this.#random);
    const { session, parts } = this.#open[at] as Open;
    const { value, done } = parts.next();
    if (done) this.#open.splice(at, 1);
    else yield withStep(value, session, this.#step);
  }
}
