import { checkCount } from "../base/check.ts";
import { nearestName } from "../base/nearest.ts";
import type { CellMeta, MetaValue, StimMeta } from "../session.ts";

type Metas = readonly (CellMeta | StimMeta)[];

/**
 * Indices of the entries with a given value under a key.
 *
 * @throws {RangeError} If no entry has the key.
 */
export function indicesBy(
  metas: Metas,
  key: string,
  value: MetaValue | undefined,
): number[] {
  if (!hasKey(metas, key)) throw unknownKeyError(metas, key);
  return metas.flatMap((meta, index) =>
    value !== undefined && Object.hasOwn(meta, key) && same(meta[key], value)
      ? [index]
      : []
  );
}

/**
 * Indices of the entries that satisfy a predicate. An entry is skipped if the
 * predicate reads a key that it lacks or whose value is null; other errors of the
 * predicate are thrown.
 *
 * @throws {RangeError} If the predicate reads a key that no entry has.
 */
export function indicesWhere<Meta extends CellMeta | StimMeta>(
  metas: readonly Meta[],
  predicate: (meta: Meta) => boolean,
): number[] {
  return metas.flatMap((meta, index) => {
    try {
      return predicate(new Proxy<Meta>(meta, STRICT)) ? [index] : [];
    } catch (error) {
      if (!(error instanceof MissingKey)) throw error;
      if (!hasKey(metas, error.key)) throw unknownKeyError(metas, error.key);
      return [];
    }
  });
}

/** Thrown when a predicate reads a missing key. */
class MissingKey extends ReferenceError {
  readonly key: string;

  constructor(key: string) {
    super(`Cannot read metadata: ${key} is missing`);
    this.key = key;
  }
}

function hasKey(metas: Metas, key: string): boolean {
  return metas.some((meta) => Object.hasOwn(meta, key));
}

/** Keys that `computeNeuronQuality` writes. */
const QUALITY = ["snr", "ccmax"];

function unknownKeyError(metas: Metas, key: string): RangeError {
  const known = new Set(metas.flatMap((meta) => Object.keys(meta)));
  const expected = QUALITY.includes(key)
    ? "computeNeuronQuality() before"
    : nearestName(key, known) ?? ([...known].join(", ") || "none");
  return new RangeError(
    `Cannot select: no entry has the key ${key}, expected ${expected}`,
  );
}

/** Throws when a missing or null entry is read or any entry is written. */
const STRICT: ProxyHandler<object> = {
  get(meta, key): unknown {
    const value = Reflect.get(meta, key);
    // JSON.stringify reads toJSON, which is not a metadata key.
    const hasValue = value !== undefined && value !== null;
    if (hasValue || typeof key === "symbol" || key === "toJSON") return value;
    throw new MissingKey(key);
  },
  defineProperty: () => false,
  deleteProperty: () => false,
};

function same(a: MetaValue | undefined, b: MetaValue | undefined): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((value, i) => same(value, b[i]));
}

/** Visible cells and stimuli: each selection narrows the other. */
export class Selection {
  readonly #heard: readonly (readonly boolean[])[];
  readonly #neuronCount: number;
  #neurons: readonly number[] | null = null;
  #stims: ReadonlySet<number> | null = null;
  #visibleNeurons: readonly number[] | null = null;
  #visibleStims: readonly number[] | null = null;

  /**
   * @param heard Whether cell `n` heard stimulus `s`: `[s][n]`.
   * @param neuronCount Number of cells.
   */
  constructor(heard: readonly (readonly boolean[])[], neuronCount: number) {
    this.#heard = heard;
    this.#neuronCount = neuronCount;
  }

  selectNeurons(indices: readonly number[]): number[] {
    checkIndices("neuron", indices, this.#neuronCount);
    this.#set([...indices], this.#stims);
    return [...indices];
  }

  selectStims(indices: readonly number[]): number[] {
    checkIndices("stimulus", indices, this.#heard.length);
    this.#set(this.#neurons, new Set(indices));
    return [...indices].sort((a, b) => a - b);
  }

  resetNeurons(): void {
    this.#set(null, this.#stims);
  }

  resetStims(): void {
    this.#set(this.#neurons, null);
  }

  /** Cells that heard one of some stimuli. */
  neuronsHearing(stims: readonly number[]): number[] {
    return range(this.#neuronCount)
      .filter((n) => stims.some((s) => this.#heard[s]?.[n]));
  }

  /** Stimuli that one of some cells heard. */
  stimsHeardBy(neurons: readonly number[]): number[] {
    return range(this.#heard.length)
      .filter((s) => neurons.some((n) => this.#heard[s]?.[n]));
  }

  /**
   * Selected cells in the order of the selection; under a selection of stimuli
   * only those that heard one of them.
   */
  get neurons(): readonly number[] {
    return this.#visibleNeurons ??= this.#narrowedNeurons();
  }

  /**
   * Index of the `i`-th visible stimulus; negative `i` count from the end.
   *
   * @throws {RangeError} If there is no such stimulus.
   */
  stimAt(i: number): number {
    const { stims } = this;
    const index = Number.isInteger(i) ? stims.at(i) : undefined;
    if (index !== undefined) return index;
    throw new RangeError(
      `Cannot read dataset: index is ${i}, expected a whole number from ` +
        `${-stims.length} to ${stims.length - 1}`,
    );
  }

  /** Selected stimuli that a visible cell heard, in the order of the dataset. */
  get stims(): readonly number[] {
    return this.#visibleStims ??= this.stimsHeardBy(this.neurons)
      .filter((s) => this.#stims?.has(s) ?? true);
  }

  #narrowedNeurons(): readonly number[] {
    const neurons = this.#neurons ?? range(this.#neuronCount);
    if (this.#stims === null) return neurons;
    const hearing = new Set(this.neuronsHearing([...this.#stims]));
    return neurons.filter((n) => hearing.has(n));
  }

  #set(
    neurons: readonly number[] | null,
    stims: ReadonlySet<number> | null,
  ): void {
    this.#neurons = neurons;
    this.#stims = stims;
    this.#visibleNeurons = null;
    this.#visibleStims = null;
  }
}

function checkIndices(
  name: string,
  indices: readonly number[],
  count: number,
): void {
  const seen = new Set<number>();
  for (const index of indices) {
    checkCount("select", name, index, 0, count - 1);
    if (seen.has(index)) {
      throw new RangeError(
        `Cannot select: ${name} is ${index} twice, expected each index once`,
      );
    }
    seen.add(index);
  }
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
