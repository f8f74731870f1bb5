import { defer, type Observable } from "rxjs";
import type {
  CellMeta,
  GateTally,
  ResponseKind,
  Session,
  StimMeta,
} from "../session.ts";
import type { SplitOptions } from "../metrics/repeat_quality.ts";
import type { Tensor } from "../tensor.ts";
import { type Batch, batches, type BatchOptions } from "./batch.ts";
import { contentKeys } from "./_content_keys.ts";
import { datasetSessions } from "./_dataset_sessions.ts";
import { type CellRow, cellRows } from "./cell_table.ts";
import { type DatasetItem, itemOf } from "./dataset_item.ts";
import { checkParts, type NeuralDatasetParts } from "./parts.ts";
import { indicesBy, indicesWhere, Selection } from "./_selection.ts";
import { datasetText, printableTensor } from "./texts.ts";
import { printable } from "../base/printable.ts";
import { isHeard, responseTable, signalTypeOf } from "./_response_table.ts";
import { cellQuality, type NeuronQuality } from "./neuron_quality.ts";

/**
 * Stimuli and responses in memory.
 *
 * - `stims[s]` is `(1, F, T)`, `responses[s][n]` is `(R, T)`; pairs that were
 *   never presented share one `(1, 1)` NaN sentinel. If stimuli are waveforms,
 *   `stims[s]` is `(1, T * samplesPerBin)` and F is 0.
 * - Two selections, of cells and of stimuli, narrow {@linkcode length},
 *   {@linkcode at} and {@linkcode batches}; the fields always hold everything.
 *   A selection of stimuli hides cells that heard none of them; either selection
 *   hides stimuli that no selected cell heard.
 * - A selection replaces the previous one of its kind; an empty one selects
 *   nothing. Cells keep the order of their selection, stimuli that of the dataset.
 *   An index given twice is refused.
 * - An entry that lacks a metadata key is in no selection that reads the key: a
 *   predicate stops where it reads a missing key. `undefined` and null count as
 *   missing. To select by absence, use `"snr" in meta`, or
 *   `selectNeuronsBy("snr", null)`. A key that no entry has is an error.
 * - `console.log` prints a summary, `console.table(dataset.cells())` the cells, and
 *   `for (const item of dataset)` visits the visible stimuli.
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
  /** Stimuli `(1, F, T)`, or waveforms `(1, T * samplesPerBin)`. */
  readonly stims: readonly Tensor[];
  /** Responses `[s][n]`, each `(R, T)` or the sentinel. */
  readonly responses: readonly (readonly Tensor[])[];
  /** Whether cell `n` heard stimulus `s`: `[s][n]`. */
  readonly nrnMasks: readonly (readonly boolean[])[];
  /** Metadata of each stimulus. */
  readonly stimMeta: readonly StimMeta[];
  /** Width of a bin in ms. */
  readonly dt: number;
  /** Number of bands of a stimulus; 0 for waveforms. */
  readonly F: number;
  /** Samples of a waveform per bin; undefined for spectrograms. */
  readonly samplesPerBin: number | undefined;
  /** Kind of the responses; `mixed` if cells differ. */
  readonly signalType: ResponseKind | "mixed";
  /** Repeats kept and dropped by the gate. */
  readonly tally: GateTally;
  #stimKeys: readonly string[] | undefined;
  readonly #cells: CellMeta[];
  readonly #selection: Selection;

  private constructor(parts: NeuralDatasetParts) {
    const { dtMs = NaN, samplesPerBin, shape } = parts.stims[0] as Tensor;
    this.stims = parts.stims.map(printableTensor);
    this.#stimKeys = parts.stimKeys;
    this.stimMeta = parts.stimMeta;
    this.#cells = [...parts.nrnMeta];
    this.tally = parts.tally;
    this.responses = responseTable(parts);
    this.nrnMasks = this.responses.map((row) => row.map(isHeard));
    this.dt = dtMs;
    this.F = samplesPerBin === undefined ? shape[1] ?? 0 : 0;
    this.samplesPerBin = samplesPerBin;
    this.signalType = signalTypeOf(parts.nrnMeta);
    this.#selection = new Selection(this.nrnMasks, this.N);
    printable(this, datasetText);
  }

  /**
   * Makes a dataset of pairs; all other pairs are the shared sentinel.
   *
   * @throws {RangeError} If there is no stimulus or no cell, or if shapes, bin
   * widths, counts or indices contradict one another.
   */
  static fromPairs(parts: NeuralDatasetParts): NeuralDataset {
    checkParts(parts);
    return new NeuralDataset(parts);
  }

  /** Key of each stimulus, the same in every dataset that has the stimulus. */
  get stimKeys(): readonly string[] {
    return this.#stimKeys ??= contentKeys(this.stims, this.stimMeta);
  }

  /** Metadata of each cell. */
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

  /** Indices of the cells under the selections: the N of items and batches. */
  get selectedNeurons(): readonly number[] {
    return [...this.#selection.neurons];
  }

  /** Indices of the stimuli under the selections. */
  get selectedStims(): readonly number[] {
    return [...this.#selection.stims];
  }

  /**
   * Returns the `i`-th visible stimulus and the responses of the visible cells.
   *
   * @param i Index from 0 to `length - 1`; negative ones count from the end.
   * @throws {RangeError} If there is no such stimulus.
   */
  at(i: number): DatasetItem {
    return itemOf(this, this.#selection.stimAt(i), this.#selection.neurons);
  }

  /** Iterates over the visible stimuli, as {@linkcode at} returns them. */
  *[Symbol.iterator](): Generator<DatasetItem, void, void> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }

  /**
   * Returns a table of the visible cells for `console.table`: index, metadata, and
   * the numbers of stimuli and repeats of each cell.
   */
  cells(): CellRow[] {
    return cellRows(this, this.#selection.neurons);
  }

  /**
   * Returns batches of the stimuli that are visible at the call.
   *
   * - Each batch is made on demand, in new arrays: one is in memory at a time.
   * - The order under `shuffle` depends on the seed and not on `size`: `startAt: k`
   *   starts with batch `k` of the whole run.
   * - Compute losses only where `validMask` is 1: NaN times 0 is NaN.
   *
   * @example Epochs in different orders
   * ```ts
   * import type { NeuralDataset } from "rxephys";
   *
   * async function train(dataset: NeuralDataset): Promise<void> {
   *   for (let seed = 0; seed < 10; seed++) {
   *     const options = { size: 16, shuffle: true, seed, last: "drop" } as const;
   *     for await (const { stims, indices } of dataset.batches(options)) {
   *       console.log(indices, stims.shape);
   *     }
   *   }
   * }
   * ```
   *
   * @throws {RangeError} When called, if an option is outside its range.
   * @throws {TypeError} When called, if an option has the wrong type.
   * @throws {LimitError} In the loop, if a batch takes more than `maxBytes`.
   */
  batches(options: BatchOptions = {}): AsyncGenerator<Batch, void, void> {
    const { stims, neurons } = this.#selection;
    return batches(this, stims, neurons, options);
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

  /** Selects all cells and all stimuli again. */
  resetSelection(): void {
    this.#selection.reset();
  }

  /**
   * Computes each cell's signal-to-noise ratio (Sahani and Linden 2003) and
   * noise ceiling (Hsu, Borst and Theunissen 2004) over all stimuli that it
   * heard, one at a time, and writes them to `nrnMeta` as `snr` and `ccmax`; null
   * if they are not defined.
   *
   * @returns One entry per cell, selected or not.
   */
  computeNeuronQuality(options: SplitOptions = {}): NeuronQuality[] {
    return this.#cells.map((meta, n) => {
      const quality = cellQuality(this.responses, n, options);
      this.#cells[n] = { ...meta, ...quality };
      return quality;
    });
  }

  /**
   * Streams the whole dataset for any sink, as in
   * `dataset.sessions().pipe(toZarr("dataset.zarr"))`: the sessions that it was
   * made of, with their ids and stimulus keys, or one session `dataset` if it was
   * made by `fromPairs`. Selections have no effect.
   */
  sessions(): Observable<Session> {
    return defer(() => datasetSessions(this));
  }

  /** One line, such as `N=25 S=51 F=53 dt=5 ms signal=subthresh coverage=22 %`. */
  toString(): string {
    const percent = Math.round(100 * this.coverage);
    return `N=${this.N} S=${this.S} F=${this.F} dt=${this.dt} ms ` +
      `signal=${this.signalType} coverage=${percent} %`;
  }
}
