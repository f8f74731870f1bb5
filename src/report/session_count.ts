import type {
  CellMeta,
  GateReason,
  GateTally,
  Session,
  Stimulus,
  Trials,
} from "../session.ts";

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

/** Tally before any repeat is judged. */
export const NO_TALLY: GateTally = { range: 0, step: 0, xcorr: 0, kept: 0 };

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
    return {
      id,
      cells,
      rateHz: this.#rateHz,
      stimuli: this.#stimuli,
      repeats: this.#stimuli.reduce((sum, { repeats }) => sum + repeats, 0),
      tally: this.#stimuli.reduce(
        (sum, { tally }) => addedTally(sum, tally),
        NO_TALLY,
      ),
    };
  }
}

/** The sum of two tallies. */
export function addedTally(one: GateTally, other: GateTally): GateTally {
  const reasons = Object.keys(NO_TALLY) as GateReason[];
  return Object.fromEntries(
    reasons.map((reason) => [reason, one[reason] + other[reason]]),
  ) as GateTally;
}
