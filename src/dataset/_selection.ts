import { checkCount } from "../base/check.ts";
import type { CellMeta, MetaValue, StimMeta } from "../session.ts";

/** Indices of the entries with a given value under a key. */
export function indicesBy(
  metas: readonly (CellMeta | StimMeta)[],
  key: string,
  value: MetaValue | undefined,
): number[] {
  return metas.flatMap((meta, index) =>
    value !== undefined && Object.hasOwn(meta, key) && same(meta[key], value)
      ? [index]
      : []
  );
}

/**
 * Indices of the entries that satisfy a predicate. An entry is skipped if the
 * predicate reads a key that it lacks; other errors of the predicate are thrown.
 */
export function indicesWhere<Meta extends CellMeta | StimMeta>(
  metas: readonly Meta[],
  predicate: (meta: Meta) => boolean,
): number[] {
  return metas.flatMap((meta, index) => meets(meta, predicate) ? [index] : []);
}

/** Thrown when a predicate reads a missing key. */
class MissingKey extends ReferenceError {}

function meets<Meta extends CellMeta | StimMeta>(
  meta: Meta,
  predicate: (meta: Meta) => boolean,
): boolean {
  try {
    return predicate(new Proxy<Meta>(meta, STRICT));
  } catch (error) {
    if (error instanceof MissingKey) return false;
    throw error;
  }
}

/** Throws when a missing key is read or any key is written. */
const STRICT: ProxyHandler<object> = {
  get(meta, key): unknown {
    const value = Reflect.get(meta, key);
    // JSON.stringify reads toJSON, which is not a metadata key.
    if (value !== undefined || typeof key === "symbol" || key === "toJSON") {
      return value;
    }
    throw new MissingKey(`Cannot read metadata: ${key} is missing`);
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

  reset(): void {
    this.#set(null, null);
  }

  /**
   * Selected cells in the order of the selection; under a selection of stimuli
   * only those that heard one of them.
   */
  get neurons(): readonly number[] {
    return this.#visibleNeurons ??= this.#narrowedNeurons();
  }

  /** Selected stimuli that a visible cell heard, in the order of the dataset. */
  get stims(): readonly number[] {
    const { neurons } = this;
    return this.#visibleStims ??= range(this.#heard.length).filter((s) =>
      (this.#stims?.has(s) ?? true) && neurons.some((n) => this.#heard[s][n])
    );
  }

  #narrowedNeurons(): readonly number[] {
    const neurons = this.#neurons ?? range(this.#neuronCount);
    if (this.#stims === null) return neurons;
    const stims = [...this.#stims];
    return neurons.filter((n) => stims.some((s) => this.#heard[s][n]));
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
