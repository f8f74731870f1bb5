import { sfc32, shuffled } from "../base/random.ts";
import { SharedLoad } from "../base/shared_load.ts";
import type { Presentation, ReadOptions, Session } from "../session.ts";
import { unlessAborted } from "../base/abort.ts";
import { lineageOf, withLineage } from "../stream/lineage.ts";

type List = Session["presentations"];

interface Counted {
  readonly list: List;
  /** Presentations that are left out of it, once that is known. */
  cut?: number;
}

/**
 * Leaves the first presentations of a stream out. Sessions are listed in their
 * order until so many have been counted; nothing is read of them.
 */
export class HeadStart {
  #left: number;
  readonly #waiting: Counted[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  /** @param count Presentations to leave out. */
  constructor(count: number) {
    this.#left = count;
  }

  /** The list of the stream's next session, without what is left out. */
  cut(list: List): List {
    if (this.#left === 0) return list;
    const counted: Counted = { list };
    this.#waiting.push(counted);
    return async (options) => {
      const turn = this.#turn.then(() => this.#count(counted, options?.signal));
      // Who waits is told of the failure; the next one counts again.
      this.#turn = turn.catch(() => {});
      const cut = await unlessAborted(turn, options?.signal);
      return (await list(options)).slice(cut);
    };
  }

  async #count(wanted: Counted, signal?: AbortSignal): Promise<number> {
    while (wanted.cut === undefined) {
      const [next] = this.#waiting;
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

/** Parts that every session is dealt into: how often it can be drawn. */
export const SESSION_PARTS = 64;

/**
 * A session in parts: its presentations in random order, spread evenly. How many
 * there are shows when the first part is asked for them; most parts of a short
 * session are empty. It is listed once for all parts.
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
    // All parts of the whole are the whole, also where a head start cuts some.
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
