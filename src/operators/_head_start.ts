import { unlessAborted } from "../_unless_aborted.ts";
import type { Presentation, Session } from "../session.ts";

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
