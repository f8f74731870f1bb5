import type {
  CellMeta,
  GateTally,
  Session,
  Stimulus,
  Trials,
} from "../session.ts";
import { TallySum } from "../stream/tally.ts";

/** Counts of one stimulus in a session. */
export interface StimulusCount {
  readonly key: string;
  /** Description or name, if it has one. */
  readonly name: string | undefined;
  readonly category: string | undefined;
  /** How long it was presented, in s. */
  readonly seconds: number;
  /** Cells that responded. */
  readonly cells: number;
  /** Repeats that are left, of all cells. */
  readonly repeats: number;
  /** Repeats that the gate kept and dropped. */
  readonly tally: GateTally;
}

/** Counts of one session. */
export interface SessionCount {
  readonly id: string;
  readonly cells: readonly CellMeta[];
  /** Samples or bins per second; null if nothing responded. */
  readonly rateHz: number | null;
  readonly stimuli: readonly StimulusCount[];
  readonly repeats: number;
  readonly tally: GateTally;
}

/** Counts a session while its presentations are read. */
export class SessionCounter {
  readonly #session: Session;
  readonly #stimuli: StimulusCount[] = [];
  #rateHz: number | null = null;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Adds a presentation. */
  add(
    { key, meta, durationMs }: Stimulus,
    { responses, tally }: Trials,
  ): void {
    const heard = responses.filter((response) => response !== null);
    this.#rateHz ??= heard[0]?.rateHz ?? null;
    this.#stimuli.push({
      key,
      name: meta.description ?? meta.name ?? meta.sequence,
      category: meta.category,
      seconds: durationMs / 1000,
      cells: heard.length,
      repeats: heard.reduce((sum, { repeats }) => sum + repeats.length, 0),
      tally,
    });
  }

  /** The counts so far. */
  count(): SessionCount {
    const { id, cells } = this.#session;
    const sum = new TallySum();
    for (const { tally } of this.#stimuli) sum.add(tally);
    return {
      id,
      cells,
      rateHz: this.#rateHz,
      stimuli: this.#stimuli,
      repeats: this.#stimuli.reduce((total, { repeats }) => total + repeats, 0),
      tally: sum.total,
    };
  }
}
