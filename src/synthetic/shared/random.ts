const UINT32 = 2 ** 32;
// Standard deviation of the sum of four bytes: sqrt(4 (256^2 - 1) / 12).
const BYTES_DEVIATION = Math.sqrt((256 ** 2 - 1) / 3);

/**
 * Seeded random numbers (sfc32 of C. Doty-Humphrey's PractRand). Each part of a
 * release draws from a separate stream with the name of the part, so that one
 * part can be generated without the parts before it.
 */
export class SyntheticRandom {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /**
   * @param seed A whole number.
   * @param stream Name of the part.
   */
  constructor(seed: number, stream: string) {
    const name = `${seed}/${stream}`;
    this.#a = hash(name, 1);
    this.#b = hash(name, 2);
    this.#c = hash(name, 3);
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** Next whole number, 0 to 2^32 - 1. */
  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21 | this.#c >>> 11) + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform, from `min` to below `max`. */
  uniform(min: number = 0, max: number = 1): number {
    return min + (max - min) * (this.uint32() / UINT32);
  }

  /** Whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.uniform() * (max - min + 1));
  }

  /** Normal, mean 0 and variance 1 (Box-Muller). */
  gaussian(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /**
   * Bell-shaped within 3.5, mean 0 and variance 1: noise for every sample, where
   * {@linkcode gaussian} would take most of the time.
   */
  noise(): number {
    const bits = this.uint32();
    const sum = (bits & 255) + (bits >>> 8 & 255) + (bits >>> 16 & 255) +
      (bits >>> 24);
    return (sum - 510) / BYTES_DEVIATION;
  }

  /** Draws one of the items. */
  pick<Item>(items: readonly Item[]): Item {
    return items[this.integer(0, items.length - 1)] as Item;
  }

  /** Draws `count` distinct items in random order (Fisher-Yates). */
  sample<Item>(items: readonly Item[], count: number): Item[] {
    const rest = [...items];
    for (let i = 0; i < count; i++) {
      const j = this.integer(i, rest.length - 1);
      [rest[i], rest[j]] = [rest[j] as Item, rest[i] as Item];
    }
    return rest.slice(0, count);
  }
}

/** FNV-1a over the code units, then the finalizer of MurmurHash3. */
function hash(text: string, salt: number): number {
  let state = (2166136261 ^ Math.imul(salt, 0x9e3779b9)) | 0;
  for (let i = 0; i < text.length; i++) {
    state = Math.imul(state ^ text.charCodeAt(i), 16777619);
  }
  state = Math.imul(state ^ state >>> 16, 0x85ebca6b);
  state = Math.imul(state ^ state >>> 13, 0xc2b2ae35);
  return state ^ state >>> 16;
}
