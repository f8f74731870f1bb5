import type { Session } from "../session.ts";
import { lineageOf } from "./lineage.ts";

/** Numbers stimuli by first use, and cells likewise or by the data set's table. */
export class Numbering {
  readonly #stims = new Map<string, number>();
  readonly #cells = new Map<object, Map<number, number>>();
  readonly #used = new Set<number>();
  #next = 0;

  /** Number of a stimulus, assigned at its first use. */
  stim(key: string): number {
    const known = this.#stims.get(key);
    if (known !== undefined) return known;
    this.#stims.set(key, this.#stims.size);
    return this.#stims.size - 1;
  }

  /**
   * Number of a session's cell, assigned at its first use: the one in the data
   * set's table unless another cell has it already, otherwise the next one.
   */
  cell(session: Session, position: number): number {
    const known = this.known(session, position);
    if (known !== undefined) return known;
    const own = lineageOf(session).cellNumbers?.[position] ?? this.#next;
    const number = this.#used.has(own) ? this.#next : own;
    this.restore(session, position, number);
    return number;
  }

  /** Number of a session's cell; undefined before its first use. */
  known(session: Session, position: number): number | undefined {
    return this.#cells.get(lineageOf(session).partOf ?? session)?.get(position);
  }

  /** Assigns the number that a session's cell had in an earlier run. */
  restore(session: Session, position: number, number: number): void {
    const { partOf = session } = lineageOf(session);
    const numbers = this.#cells.get(partOf) ?? new Map<number, number>();
    this.#cells.set(partOf, numbers.set(position, number));
    this.#used.add(number);
    this.#next = Math.max(this.#next, number + 1);
  }
}
