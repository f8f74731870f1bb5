import { checkCount } from "../../_check.ts";

/** Which cells and stimuli are visible: each selection narrows the other. */
export class Selection {
  readonly #heard: readonly (readonly boolean[])[];
  readonly #neuronCount: number;
  #neurons: readonly number[] | null = null;
  #stims: readonly number[] | null = null;

  /**
   * @param heard Whether cell `n` heard stimulus `s`: `[s][n]`.
   * @param neuronCount Number of cells.
   */
  constructor(heard: readonly (readonly boolean[])[], neuronCount: number) {
    this.#heard = heard;
    this.#neuronCount = neuronCount;
  }

  selectNeurons(indices: readonly number[]): readonly number[] {
    for (const index of indices) {
      checkCount("select", "neuron", index, 0, this.#neuronCount - 1);
    }
    return this.#neurons = [...indices];
  }

  selectStims(indices: readonly number[]): readonly number[] {
    for (const index of indices) {
      checkCount("select", "stimulus", index, 0, this.#heard.length - 1);
    }
    return this.#stims = [...indices];
  }

  reset(): void {
    this.#neurons = null;
    this.#stims = null;
  }

  /** Cells selected that heard a selected stimulus, where stimuli are selected. */
  get neurons(): readonly number[] {
    const stims = this.#stims;
    const neurons = this.#neurons ?? range(this.#neuronCount);
    if (stims === null) return neurons;
    return neurons.filter((n) => stims.some((s) => this.#heard[s][n]));
  }

  /** Stimuli selected that a selected cell heard, in the order of the dataset. */
  get stims(): readonly number[] {
    const { neurons } = this;
    const selected = new Set(this.#stims ?? range(this.#heard.length));
    return range(this.#heard.length).filter((s) =>
      selected.has(s) && neurons.some((n) => this.#heard[s][n])
    );
  }
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
