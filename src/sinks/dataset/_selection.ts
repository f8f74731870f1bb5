import { checkCount } from "../../_check.ts";

/** Which cells and stimuli are visible: each selection narrows the other. */
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
   * Cells selected, in the order of the selection; where stimuli are selected,
   * those of them that heard one.
   */
  get neurons(): readonly number[] {
    return this.#visibleNeurons ??= this.#narrowedNeurons();
  }

  /** Stimuli selected that a visible cell heard, in the order of the dataset. */
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
