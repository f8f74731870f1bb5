import type { GateTally } from "../session.ts";
import { TallySum } from "../stream/tally.ts";
import type {
  DatasetLayout,
  LayoutPresentation,
  LayoutSession,
} from "./layout.ts";

/** Cells of a session, or of sessions that list parts of the same one. */
export class CellGroup {
  /** Numbers of cells in the data set's table, in the order of the session. */
  readonly listed: Set<number> = new Set();
}

interface DraftPresentation extends LayoutPresentation {
  readonly cells: number[];
}

interface DraftSession {
  readonly id: string;
  readonly group: CellGroup;
  readonly presentations: DraftPresentation[];
}

/** Collects the sessions of a dataset, whose cells are numbered. */
export class LayoutDraft {
  readonly #sessions: DraftSession[] = [];
  readonly #durationsMs: number[] = [];
  #pending = new TallySum();

  /** Starts a session. */
  begin(id: string, group: CellGroup): void {
    this.#sessions.push({ id, group, presentations: [] });
  }

  /** Counts repeats of the next presentation with a stimulus or a response. */
  addTally(tally: GateTally): void {
    this.#pending.add(tally);
  }

  /** Adds a stimulus, presented in the current session. */
  addStimulus(stim: number, durationMs: number): void {
    this.#durationsMs[stim] = durationMs;
    this.#presentation(stim);
  }

  /** Adds a response of a cell to a stimulus in the current session. */
  addResponse(stim: number, cell: number): void {
    this.#presentation(stim)?.cells.push(cell);
  }

  /**
   * Makes the layout.
   *
   * @param places Index of each cell in the dataset, by its number.
   */
  finish(places: ReadonlyMap<number, number>): DatasetLayout {
    const placesOf = (numbers: readonly number[]): number[] =>
      numbers.flatMap((number) => places.get(number) ?? []);
    const orders = this.#orders();
    const sessions = this.#sessions.map(
      ({ id, group, presentations }): LayoutSession => ({
        id,
        cells: placesOf(orders.get(group) ?? []),
        group,
        hasTable: group.listed.size > 0,
        presentations: presentations.map(({ stim, cells, tally }) => ({
          stim,
          cells: placesOf(cells),
          tally,
        })),
      }),
    );
    return {
      sessions: sessions.filter(({ cells, presentations }) =>
        cells.length + presentations.length > 0
      ),
      cellNumbers: [...places.keys()],
      durationsMs: this.#durationsMs,
      rest: this.#pending.total,
    };
  }

  /** Cells of each group, in the order in which its sessions list them. */
  #orders(): Map<CellGroup, number[]> {
    const sequences = new Map<CellGroup, number[][]>();
    for (const { group, presentations } of this.#sessions) {
      const known = sequences.get(group) ?? [[...group.listed]];
      known.push(...presentations.map(({ cells }) => cells));
      sequences.set(group, known);
    }
    return new Map(
      [...sequences].map(([group, known]) => [group, commonOrder(known)]),
    );
  }

  /** Current presentation, which is a new one if it has another stimulus. */
  #presentation(stim: number): DraftPresentation | undefined {
    const presentations = this.#sessions.at(-1)?.presentations;
    const current = presentations?.at(-1);
    if (current?.stim === stim) return current;
    const tally = this.#pending.total;
    this.#pending = new TallySum();
    const next: DraftPresentation = { stim, cells: [], tally };
    presentations?.push(next);
    return next;
  }
}

/**
 * An order in which all sequences agree (Kahn 1962). Values of sequences that
 * contradict one another come last.
 */
function commonOrder(sequences: readonly (readonly number[])[]): number[] {
  const next = new Map<number, Set<number>>();
  for (const sequence of sequences) {
    for (const [i, value] of sequence.entries()) {
      const after = next.get(value) ?? new Set();
      next.set(value, after);
      for (const follower of sequence.slice(i + 1, i + 2)) after.add(follower);
    }
  }
  const before = new Map([...next.keys()].map((value) => [value, 0]));
  for (const value of [...next.values()].flatMap((after) => [...after])) {
    before.set(value, (before.get(value) ?? 0) + 1);
  }
  const order = [...before].flatMap(([value, count]) => count ? [] : [value]);
  for (const value of order) {
    for (const follower of next.get(value) ?? []) {
      const count = (before.get(follower) ?? 0) - 1;
      before.set(follower, count);
      if (count === 0) order.push(follower);
    }
  }
  return [...new Set([...order, ...next.keys()])];
}
