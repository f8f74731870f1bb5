import type { Presentation, Trials, Waveform } from "../../session.ts";
import type { KeptRead, ReadKeeper } from "../../stream/kept_reads.ts";
import type { ReadAheadLease } from "../../stream/lineage.ts";
import type { Tensor } from "../../tensor.ts";

/** Results of a session that a pass has read and its sink has not yet taken. */
export class KeptSession {
  /** Reader that announced the session. */
  readonly lease: ReadAheadLease;
  /** Presentations of the session, once the pass has listed them. */
  listed?: readonly Presentation[];
  readonly #keeper: ReadKeeper;
  readonly #stimuli = new Map<string, KeptRead<Waveform | Tensor>>();
  /** By the presentation's place in the session. */
  readonly #trials = new Map<number, KeptRead<Trials>>();

  constructor(keeper: ReadKeeper, lease: ReadAheadLease) {
    this.#keeper = keeper;
    this.lease = lease;
  }

  /** Drops what an aborted pass has read. */
  clear(): void {
    this.#stimuli.clear();
    this.#trials.clear();
  }

  /**
   * Keeps the list of the session.
   *
   * @param own Presentations of the session.
   * @param whole Those of the whole session.
   * @returns Places of the whole session's presentations in the session;
   * undefined for those that it does not list.
   */
  list(
    own: readonly Presentation[],
    whole: readonly Presentation[],
  ): readonly (number | undefined)[] {
    this.listed = own;
    if (own === whole) return [...own.keys()];
    const places = Map.groupBy(
      own.keys(),
      (place) => own[place]?.stimulus.key,
    );
    return whole.map(({ stimulus }) => places.get(stimulus.key)?.shift());
  }

  /**
   * Keeps a presentation.
   *
   * @param read Its stimulus; null if another presentation has kept it.
   */
  async keep(
    place: number,
    key: string,
    read: Waveform | Tensor | null,
    trials: Trials,
  ): Promise<void> {
    if (read) this.#stimuli.set(key, await this.#keeper.keep(read));
    this.#trials.set(place, await this.#keeper.keep(trials));
  }

  /** The stimulus of a key, once; undefined if it is not kept. */
  stimulus(key: string): Promise<Waveform | Tensor | undefined> | undefined {
    const kept = this.#stimuli.get(key);
    this.#stimuli.delete(key);
    return kept?.take();
  }

  /** The responses of a presentation, once; undefined if they are not kept. */
  trials(place: number): Promise<Trials | undefined> | undefined {
    const kept = this.#trials.get(place);
    this.#trials.delete(place);
    return kept?.take();
  }
}
