type ScratchArray = Float64Array | Int32Array | Int16Array;

/** Longest array that is reused, in values: 4 MB of float64. */
const MOST_KEPT = 2 ** 19;

/**
 * Working array of a kernel, reused by its next call: a new one for every trace
 * would become garbage faster than it is collected. A kernel must not return it,
 * and must be neither recursive nor asynchronous.
 */
export class Scratch<Kind extends ScratchArray> {
  readonly #Kind: new (length: number) => Kind;
  #kept: Kind;

  constructor(Kind: new (length: number) => Kind) {
    this.#Kind = Kind;
    this.#kept = new Kind(0);
  }

  /** An array for one call, with the values that earlier calls left in it. */
  take(length: number): Kind {
    if (length > MOST_KEPT) return new this.#Kind(length);
    if (length > this.#kept.length) this.#kept = new this.#Kind(length);
    return this.#kept.subarray(0, length) as Kind;
  }
}
