import type { Session } from "../session.ts";
import { lineageOf } from "./lineage.ts";

/** Numbers stimuli by first use, and cells so or as their data set does. */
export class Numbering {
  readonly #stims = new Map<string, number>();
  readonly #cells = new Map<object, Map<number, number>>();
  readonly #taken = new Set<number>();
  #next = 0;

  /** The stimulus' number, a new one at its first use. */
  stim(key: string): number {
    const known = this.#stims.get(key);
    if (known !== undefined) return known;
    this.#stims.set(key, this.#stims.size);
    return this.#stims.size - 1;
  }

  /**
   * The number of a session's cell, a new one at its first use: its own of
   * `cellNumbers`, unless another cell has that already, or else the next one.
   */
  cell(session: Session, position: number): number {
    const known = this.known(session, position);
    if (known !== undefined) return known;
    const own = lineageOf(session).cellNumbers?.[position] ?? this.#next;
    const number = this.#taken.has(own) ? this.#next : own;
    this.restore(session, position, number);
    return number;
  }

  /** The number that a session's cell has, if it has one yet. */
  known(session: Session, position: number): number | undefined {
    return this.#cells.get(lineageOf(session).partOf ?? session)?.get(position);
  }

  /** Gives a session's cell the number that it had before. */
  restore(session: Session, position: number, number: number): void {
    const { partOf = session } = lineageOf(session);
    const numbers = this.#cells.get(partOf) ?? new Map<number, number>();
    this.#cells.set(partOf, numbers.set(position, number));
    this.#taken.add(number);
    this.#next = Math.max(this.#next, number + 1);
  }
}
