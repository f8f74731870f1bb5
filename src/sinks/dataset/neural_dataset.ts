import type {
  CellMeta,
  GateTally,
  ResponseKind,
  StimMeta,
} from "../../session.ts";
import type { Tensor } from "../../tensor.ts";
import { type NeuronQuality, neuronQuality } from "./neuron_quality.ts";
import { Selection } from "./_selection.ts";

/** The responses of one cell to one stimulus, `(R, T)`. */
export interface Pair {
  /** Index of the stimulus. */
  readonly stim: number;
  /** Index of the cell. */
  readonly cell: number;
  /** Responses `(R, T)`. */
  readonly response: Tensor;
}

/** What a {@linkcode NeuralDataset} is made of. */
export interface NeuralDatasetParts {
  /** One `(1, F, T)` tensor per stimulus. */
  readonly stims: readonly Tensor[];
  /** What is known of each stimulus. */
  readonly stimMeta: readonly StimMeta[];
  /** What is known of each cell. */
  readonly nrnMeta: readonly CellMeta[];
  /** The pairs that were presented. */
  readonly pairs: readonly Pair[];
  /** Repeats kept and dropped by the gate. */
  readonly tally: GateTally;
}

/** One entry of a dataset, under its selections. */
export interface DatasetItem {
  /** Index of the stimulus in the whole dataset. */
  readonly index: number;
  /** Stimulus `(1, F, T)`. */
  readonly stims: Tensor;
  /** Responses `(R, T)` of the selected cells; the sentinel where not heard. */
  readonly responses: readonly Tensor[];
  /** Per selected cell: whether it heard the stimulus. */
  readonly validMask: readonly boolean[];
  /** What is known of the stimulus. */
  readonly stimMeta: StimMeta;
}

/**
 * Stimuli and responses in memory.
 *
 * - `stims[s]` is `(1, F, T)`, `responses[s][n]` is `(R, T)`; a pair that was
 *   never presented is the one shared `(1, 1)` NaN sentinel.
 * - Two selections, of cells and of stimuli, narrow {@linkcode length} and
 *   {@linkcode at}; the fields always hold everything. Under a selection of
 *   stimuli, cells that heard none of them are hidden, and under either one,
 *   stimuli that no selected cell heard are. An empty selection selects nothing.
 *
 * @example Selecting
 * ```ts
 * import type { NeuralDataset } from "rxephys";
 *
 * function goodCells(dataset: NeuralDataset): readonly number[] {
 *   dataset.computeNeuronQuality();
 *   return dataset.selectNeuronsWhere(({ snr }) => Number(snr) > 1);
 * }
 * ```
 */
export class NeuralDataset {
  /** Stimuli `(1, F, T)`. */
  readonly stims: readonly Tensor[];
  /** Responses `[s][n]`, each `(R, T)` or the sentinel. */
  readonly responses: readonly (readonly Tensor[])[];
  /** Whether cell `n` heard stimulus `s`: `[s][n]`. */
  readonly nrnMasks: readonly (readonly boolean[])[];
  /** What is known of each stimulus. */
  readonly stimMeta: readonly StimMeta[];
  /** Width of a bin in ms. */
  readonly dt: number;
  /** Bands of a stimulus. */
  readonly F: number;
  /** What the responses are; `mixed` where cells differ. */
  readonly signalType: ResponseKind | "mixed";
  /** Repeats kept and dropped by the gate. */
  readonly tally: GateTally;
  readonly #cells: CellMeta[];
  readonly #selection: Selection;

  private constructor(
    parts: NeuralDatasetParts,
    responses: readonly (readonly Tensor[])[],
    sentinel: Tensor,
  ) {
    this.stims = parts.stims;
    this.stimMeta = parts.stimMeta;
    this.#cells = [...parts.nrnMeta];
    this.tally = parts.tally;
    this.responses = responses;
    this.nrnMasks = responses.map((row) =>
      row.map((response) => response !== sentinel)
    );
    this.dt = parts.stims[0].dtMs ?? NaN;
    this.F = parts.stims[0].shape[1];
    this.signalType = signalTypeOf(parts.nrnMeta);
    this.#selection = new Selection(this.nrnMasks, parts.nrnMeta.length);
  }

  /** A dataset of pairs; those not named get the shared sentinel. */
  static fromPairs(parts: NeuralDatasetParts): NeuralDataset {
    const sentinel = { data: new Float32Array([NaN]), shape: [1, 1] };
    const responses: Tensor[][] = parts.stims.map(() =>
      parts.nrnMeta.map(() => sentinel)
    );
    for (const { stim, cell, response } of parts.pairs) {
      responses[stim][cell] = response;
    }
    return new NeuralDataset(parts, responses, sentinel);
  }

  /** What is known of each cell. */
  get nrnMeta(): readonly CellMeta[] {
    return this.#cells;
  }

  /** Number of cells. */
  get N(): number {
    return this.#cells.length;
  }

  /** Number of stimuli. */
  get S(): number {
    return this.stims.length;
  }

  /** Fraction of pairs that were presented, 0 to 1. */
  get coverage(): number {
    return this.nrnMasks.flat().filter(Boolean).length / (this.N * this.S);
  }

  /** Number of stimuli under the selections. */
  get length(): number {
    return this.#selection.stims.length;
  }

  /**
   * The `i`-th stimulus under the selections, with the selected cells' responses.
   *
   * @param i Index from 0 to `length - 1`; negative ones count from the end.
   * @throws {RangeError} If there is no such stimulus.
   */
  at(i: number): DatasetItem {
    const { stims, neurons } = this.#selection;
    const index = stims.at(i);
    if (index === undefined || !Number.isInteger(i)) {
      throw new RangeError(
        `Cannot read dataset: index is ${i}, expected a whole number from ` +
          `${-stims.length} to ${stims.length - 1}`,
      );
    }
    return {
      index,
      stims: this.stims[index],
      responses: neurons.map((n) => this.responses[index][n]),
      validMask: neurons.map((n) => this.nrnMasks[index][n]),
      stimMeta: this.stimMeta[index],
    };
  }

  /**
   * Selects cells by index.
   *
   * @returns The indices selected.
   * @throws {RangeError} If an index is no cell's.
   */
  selectNeurons(indices: number | readonly number[]): readonly number[] {
    return this.#selection.selectNeurons([indices].flat());
  }

  /** Selects cells whose metadata entry equals a value; returns their indices. */
  selectNeuronsBy(
    attribute: string,
    value: CellMeta[string],
  ): readonly number[] {
    return this.selectNeuronsWhere((meta) => holds(meta, attribute, value));
  }

  /** Selects cells by their metadata; returns their indices. */
  selectNeuronsWhere(
    predicate: (meta: CellMeta) => boolean,
  ): readonly number[] {
    return this.selectNeurons(indicesWhere(this.nrnMeta, predicate));
  }

  /**
   * Selects stimuli by index.
   *
   * @returns The indices selected.
   * @throws {RangeError} If an index is no stimulus'.
   */
  selectStims(indices: number | readonly number[]): readonly number[] {
    return this.#selection.selectStims([indices].flat());
  }

  /** Selects stimuli whose metadata entry equals a value; returns their indices. */
  selectStimsBy(
    attribute: string,
    value: StimMeta[string],
  ): readonly number[] {
    return this.selectStimsWhere((meta) => holds(meta, attribute, value));
  }

  /** Selects stimuli by their metadata; returns their indices. */
  selectStimsWhere(predicate: (meta: StimMeta) => boolean): readonly number[] {
    return this.selectStims(indicesWhere(this.stimMeta, predicate));
  }

  /** Selects all cells and all stimuli again. */
  resetSelection(): void {
    this.#selection.reset();
  }

  /**
   * Computes each cell's signal-to-noise ratio (Sahani and Linden 2003) and
   * noise ceiling (Hsu, Borst and Theunissen 2004) and writes them into
   * `nrnMeta` as `snr` and `ccmax`; null where they are not defined.
   *
   * @returns One entry per cell.
   */
  computeNeuronQuality(): NeuronQuality[] {
    return this.#cells.map((meta, n) => {
      const quality = neuronQuality(this.#repeatsOf(n));
      this.#cells[n] = { ...meta, ...quality };
      return quality;
    });
  }

  /** One line, such as `N=25 S=51 F=53 dt=5 ms signal=subthresh coverage=22 %`. */
  toString(): string {
    const percent = Math.round(100 * this.coverage);
    return `N=${this.N} S=${this.S} F=${this.F} dt=${this.dt} ms ` +
      `signal=${this.signalType} coverage=${percent} %`;
  }

  *#repeatsOf(n: number): Generator<Float32Array[]> {
    for (const [s, row] of this.responses.entries()) {
      if (!this.nrnMasks[s][n]) continue;
      const { data, shape: [repeats, bins] } = row[n];
      yield Array.from(
        { length: repeats },
        (_, r) => data.subarray(r * bins, (r + 1) * bins),
      );
    }
  }
}

function signalTypeOf(cells: readonly CellMeta[]): ResponseKind | "mixed" {
  const kinds = new Set(cells.map(({ signalType = "raw" }) => signalType));
  return kinds.size === 1 ? [...kinds][0] : "mixed";
}

function holds(
  meta: CellMeta | StimMeta,
  attribute: string,
  value: CellMeta[string],
): boolean {
  return Object.hasOwn(meta, attribute) && meta[attribute] === value;
}

function indicesWhere<Meta>(
  metas: readonly Meta[],
  predicate: (meta: Meta) => boolean,
): number[] {
  return metas.flatMap((meta, index) => predicate(meta) ? [index] : []);
}
