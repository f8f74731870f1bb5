import { sfc32, shuffled } from "../base/random.ts";
import { SharedLoad } from "../base/shared_load.ts";
import type { Presentation, ReadOptions, Session } from "../session.ts";
import { unlessAborted } from "../base/abort.ts";
import { lineageOf, withLineage } from "../stream/lineage.ts";

type List = Session["presentations"];

interface Counted {
  readonly list: List;
  /** Presentations skipped in it, once counted. */
  cut?: number;
}

/**
 * Skips the first presentations of a stream. Sessions are listed in order until
 * enough presentations are counted; none of them is read.
 */
export class HeadStart {
  #left: number;
  readonly #waiting: Counted[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  /** @param count Presentations to skip. */
  constructor(count: number) {
    this.#left = count;
  }

  /** The list of the stream's next session, without skipped presentations. */
  cut(list: List): List {
    if (this.#left === 0) return list;
    const counted: Counted = { list };
    this.#waiting.push(counted);
    return async (options) => {
      const turn = this.#turn.then(() => this.#count(counted, options?.signal));
      // A failure rejects the reader that waits; the next one counts again.
      this.#turn = turn.catch(() => {});
      const cut = await unlessAborted(turn, options?.signal);
      return (await list(options)).slice(cut);
    };
  }

  async #count(wanted: Counted, signal?: AbortSignal): Promise<number> {
    while (wanted.cut === undefined) {
      const next = this.#waiting[0] as Counted;
      const { length } = await this.#listed(next, signal);
      next.cut = Math.min(length, this.#left);
      this.#left -= next.cut;
      this.#waiting.shift();
    }
    return wanted.cut;
  }

  async #listed(
    { list }: Counted,
    signal?: AbortSignal,
  ): Promise<readonly Presentation[]> {
    return this.#left === 0 ? [] : await list({ signal });
  }
}

/** Parts of every session, which is how often it can be drawn. */
export const SESSION_PARTS = 64;

/**
 * Deals a session into parts: its presentations in random order, spread evenly.
 * The session is listed once, when the first part is; most parts of a short
 * session are empty.
 */
export function* sessionParts(
  session: Session,
  seed: number,
  headStart: HeadStart,
): Generator<Session, void, void> {
  const { id, cells } = session;
  const { whole, partOf = session } = lineageOf(session);
  const dealt = (presentations: List): Session =>
    withLineage({ ...session, id, cells, presentations }, { partOf });
  const listed = new DealtList(session, seed);
  const wholeListed = whole ? new DealtList(whole, seed) : listed;
  for (let part = 0; part < SESSION_PARTS; part++) {
    const list = (options?: ReadOptions): Promise<readonly Presentation[]> =>
      listed.part(part, options);
    // Parts of the whole session are never skipped: ranges cover all of them.
    yield withLineage(dealt(headStart.cut(list)), {
      whole: dealt((options) => wholeListed.part(part, options)),
    });
  }
}

class DealtList {
  readonly #load: SharedLoad<readonly Presentation[]>;
  readonly #offset: number;
  #listed?: readonly Presentation[];

  constructor(session: Session, seed: number) {
    this.#offset = sfc32(seed)() / 2 ** 32;
    this.#load = new SharedLoad(async (signal) =>
      shuffled(await session.presentations({ signal }), seed)
    );
  }

  /** Presentation i belongs to part `floor((i + offset) / count * parts)`. */
  async part(
    part: number,
    options?: ReadOptions,
  ): Promise<readonly Presentation[]> {
    options?.signal?.throwIfAborted();
    const listed = this.#listed ??= await this.#load.get(options?.signal);
    const first = (at: number): number =>
      Math.ceil(at * listed.length / SESSION_PARTS - this.#offset);
    return listed.slice(Math.max(0, first(part)), first(part + 1));
  }
}
