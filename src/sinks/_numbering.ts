import type { Session } from "../session.ts";

/** Numbers stimuli and cells by first use. */
export class Numbering {
  readonly #stims = new Map<string, number>();
  readonly #cells = new Map<Session, Map<number, number>>();
  #cellCount = 0;

  /** Stimuli numbered so far. */
  get stims(): number {
    return this.#stims.size;
  }

  /** Cells numbered so far. */
  get cells(): number {
    return this.#cellCount;
  }

  /** The stimulus' number, a new one at its first use. */
  stim(key: string): number {
    const known = this.#stims.get(key);
    if (known !== undefined) return known;
    this.#stims.set(key, this.#stims.size);
    return this.#stims.size - 1;
  }

  /** The number of a session's cell, a new one at its first use. */
  cell(session: Session, position: number): number {
    const numbers = this.#cells.get(session) ?? new Map<number, number>();
    this.#cells.set(session, numbers);
    const known = numbers.get(position);
    if (known !== undefined) return known;
    numbers.set(position, this.#cellCount);
    return this.#cellCount++;
  }
}
