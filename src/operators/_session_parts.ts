import { sfc32, shuffled } from "../base/random.ts";
import { isInShard, positionInList, type Shard } from "../base/shard.ts";
import { SharedLoad } from "../base/shared_load.ts";
import type { Presentation, ReadOptions, Session } from "../session.ts";
import { unlessAborted } from "../base/abort.ts";
import { lineageOf, withLineage } from "../stream/lineage.ts";

type List = Session["presentations"];

interface Counted {
  readonly list: List;
  /** Position in the stream of its first presentation, once counted. */
  first?: number;
}

/**
 * Picks a shard's presentations of a stream, without the first ones. Sessions are
 * listed in order as far as presentations must be counted; none of them is read.
 */
export class StreamShare {
  readonly #shard: Shard;
  /** Position in the stream of the first presentation that is not skipped. */
  readonly #start: number;
  #counted = 0;
  readonly #waiting: Counted[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * @param shard Shard whose presentations are picked.
   * @param startAt Presentations of the shard to skip.
   */
  constructor(shard: Shard, startAt: number) {
    this.#shard = shard;
    this.#start = positionInList(startAt, shard);
  }

  /** The list of the stream's next session, as far as it is picked. */
  pick(list: List): List {
    if (this.#isCounted) return list;
    const counted: Counted = { list };
    this.#waiting.push(counted);
    return async (options) => {
      const turn = this.#turn.then(() => this.#count(counted, options?.signal));
      // A failure rejects the reader that waits; the next one counts again.
      this.#turn = turn.catch(() => {});
      const first = await unlessAborted(turn, options?.signal);
      return (await list(options)).filter((_, i) =>
        first + i >= this.#start && isInShard(first + i, this.#shard)
      );
    };
  }

  /** Whether the positions of later presentations make no difference. */
  get #isCounted(): boolean {
    return this.#shard.count === 1 && this.#counted >= this.#start;
  }

  async #count(wanted: Counted, signal?: AbortSignal): Promise<number> {
    while (wanted.first === undefined) {
      const next = this.#waiting[0] as Counted;
      const { length } = this.#isCounted ? [] : await next.list({ signal });
      next.first = this.#counted;
      this.#counted += length;
      this.#waiting.shift();
    }
    return wanted.first;
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
  share: StreamShare,
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
    yield withLineage(dealt(share.pick(list)), {
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
