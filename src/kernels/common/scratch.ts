type ScratchArray = Float64Array | Int32Array | Int16Array;

/** Longest array that is kept, in values: 4 MB of float64. */
const MOST_KEPT = 2 ** 19;

/**
 * An array that a kernel works in and never hands out, kept for its next call: a
 * new one for every trace would be garbage faster than it is collected. A kernel
 * that calls itself, or is left while it works, must not have one.
 */
export class Scratch<Kind extends ScratchArray> {
  readonly #Kind: new (length: number) => Kind;
  #kept: Kind;

  constructor(Kind: new (length: number) => Kind) {
    this.#Kind = Kind;
    this.#kept = new Kind(0);
  }

  /** An array for one call; it holds what earlier calls have left. */
  take(length: number): Kind {
    if (length > MOST_KEPT) return new this.#Kind(length);
    if (length > this.#kept.length) this.#kept = new this.#Kind(length);
    return this.#kept.subarray(0, length) as Kind;
  }
}
