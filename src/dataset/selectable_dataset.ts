import type { CellMeta, StimMeta } from "../session.ts";
import { indicesBy, indicesWhere, Selection } from "./_selection.ts";

/**
 * The selections of a `NeuralDataset`, of its cells and of its stimuli. They
 * narrow its `length`, `at`, `slice` and `batches`; its fields always hold
 * everything.
 *
 * - A selection of stimuli hides cells that heard none of them; either selection
 *   hides stimuli that no selected cell heard.
 * - A selection replaces the previous one of its kind; an empty one selects
 *   nothing. Cells keep the order of their selection, stimuli that of the dataset.
 *   An index given twice is refused.
 * - An entry that lacks a metadata key is in no selection that reads the key: a
 *   predicate stops where it reads a missing key. `undefined` and null count as
 *   missing. To select by absence, use `"snr" in meta`, or
 *   `selectNeuronsBy("snr", null)`. A key that no entry has is an error.
 */
export abstract class SelectableDataset {
  /** Whether cell `n` heard stimulus `s`: `[s][n]`. */
  readonly nrnMasks: readonly (readonly boolean[])[];
  readonly #selection: Selection;

  /**
   * Selects everything.
   *
   * @param nrnMasks Whether cell `n` heard stimulus `s`: `[s][n]`.
   * @param neuronCount Number of cells.
   */
  protected constructor(
    nrnMasks: readonly (readonly boolean[])[],
    neuronCount: number,
  ) {
    this.nrnMasks = nrnMasks;
    this.#selection = new Selection(nrnMasks, neuronCount);
  }

  /** Metadata of each cell. */
  abstract get nrnMeta(): readonly CellMeta[];

  /** Metadata of each stimulus. */
  abstract readonly stimMeta: readonly StimMeta[];

  /** Number of stimuli under the selections. */
  get length(): number {
    return this.#selection.stims.length;
  }

  /** Indices of the cells under the selections: the N of items and batches. */
  get selectedNeurons(): readonly number[] {
    return [...this.#selection.neurons];
  }

  /** Indices of the stimuli under the selections. */
  get selectedStims(): readonly number[] {
    return [...this.#selection.stims];
  }

  /**
   * Selects cells by index; returns the indices.
   *
   * @throws {RangeError} If an index is out of range, or given twice.
   */
  selectNeurons(indices: number | readonly number[]): readonly number[] {
    return this.#selection.selectNeurons([indices].flat());
  }

  /**
   * Selects cells whose metadata entry equals a value; returns their indices.
   *
   * @throws {RangeError} If no cell has the attribute, as in all such selections.
   */
  selectNeuronsBy(
    attribute: string,
    value: CellMeta[string],
  ): readonly number[] {
    return this.selectNeurons(indicesBy(this.nrnMeta, attribute, value));
  }

  /** Selects cells by their metadata; returns their indices. */
  selectNeuronsWhere(
    predicate: (meta: CellMeta) => boolean,
  ): readonly number[] {
    return this.selectNeurons(indicesWhere(this.nrnMeta, predicate));
  }

  /** Selects cells that heard a stimulus with such an entry; returns indices. */
  selectNeuronsByStimulus(
    attribute: string,
    value: StimMeta[string],
  ): readonly number[] {
    const stims = indicesBy(this.stimMeta, attribute, value);
    return this.selectNeurons(this.#selection.neuronsHearing(stims));
  }

  /** Selects cells that heard a stimulus with such metadata; returns indices. */
  selectNeuronsByStimulusWhere(
    predicate: (meta: StimMeta) => boolean,
  ): readonly number[] {
    const stims = indicesWhere(this.stimMeta, predicate);
    return this.selectNeurons(this.#selection.neuronsHearing(stims));
  }

  /**
   * Selects stimuli by index; returns the indices in the dataset's order.
   *
   * @throws {RangeError} If an index is out of range, or given twice.
   */
  selectStims(indices: number | readonly number[]): readonly number[] {
    return this.#selection.selectStims([indices].flat());
  }

  /** Selects stimuli whose metadata entry equals a value; returns their indices. */
  selectStimsBy(attribute: string, value: StimMeta[string]): readonly number[] {
    return this.selectStims(indicesBy(this.stimMeta, attribute, value));
  }

  /** Selects stimuli by their metadata; returns their indices. */
  selectStimsWhere(predicate: (meta: StimMeta) => boolean): readonly number[] {
    return this.selectStims(indicesWhere(this.stimMeta, predicate));
  }

  /** Selects stimuli that a cell with such an entry heard; returns indices. */
  selectStimsByNeuron(
    attribute: string,
    value: CellMeta[string],
  ): readonly number[] {
    const cells = indicesBy(this.nrnMeta, attribute, value);
    return this.selectStims(this.#selection.stimsHeardBy(cells));
  }

  /** Selects stimuli that a cell with such metadata heard; returns indices. */
  selectStimsByNeuronWhere(
    predicate: (meta: CellMeta) => boolean,
  ): readonly number[] {
    const cells = indicesWhere(this.nrnMeta, predicate);
    return this.selectStims(this.#selection.stimsHeardBy(cells));
  }

  /** Selects all cells and all stimuli again. */
  resetSelection(): void {
    this.#selection.resetNeurons();
    this.#selection.resetStims();
  }

  /** Selects all cells again; the selection of stimuli stays. */
  resetNeuronSelection(): void {
    this.#selection.resetNeurons();
  }

  /** Selects all stimuli again; the selection of cells stays. */
  resetStimSelection(): void {
    this.#selection.resetStims();
  }

  /**
   * Index in the dataset of the `i`-th visible stimulus.
   *
   * @param i Index from 0 to `length - 1`; negative ones count from the end.
   * @throws {RangeError} If there is no such stimulus.
   */
  protected stimAt(i: number): number {
    return this.#selection.stimAt(i);
  }
}
