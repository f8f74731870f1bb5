import { sfc32 } from "../_sfc32.ts";
import { SharedLoad } from "../_shared_load.ts";
import { shuffled } from "../_shuffled.ts";
import type { Presentation, ReadOptions, Session } from "../session.ts";
import type { HeadStart } from "./_head_start.ts";

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
  const { id, cells, cellNumbers, whole, partOf = session } = session;
  const known = { id, cells, ...(cellNumbers && { cellNumbers }), partOf };
  const listed = new DealtList(session, seed);
  const wholeListed = whole ? new DealtList(whole, seed) : listed;
  for (let part = 0; part < SESSION_PARTS; part++) {
    const list = (options?: ReadOptions): Promise<readonly Presentation[]> =>
      listed.part(part, options);
    yield {
      ...known,
      // All parts of the whole are the whole, also where a head start cuts some.
      whole: {
        ...known,
        presentations: (options) => wholeListed.part(part, options),
      },
      presentations: headStart.cut(list),
    };
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
