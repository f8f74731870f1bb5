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
import { batches, type BatchOptions } from "./batch.ts";
import type { Batch } from "./collate.ts";
import { contentKeys } from "./_content_keys.ts";
import { datasetSessions } from "./_dataset_sessions.ts";
import { type CellRow, cellRows } from "./cell_table.ts";
import { type DatasetItem, itemOf } from "./dataset_item.ts";
import { checkParts, type NeuralDatasetParts } from "./parts.ts";
import { SelectableDataset } from "./selectable_dataset.ts";
import {
  type FrequencyRange,
  hearingRangeHz,
  sharedBandRangeHz,
  sharedSpecies,
} from "./traits.ts";
import { datasetText, printableTensor } from "./texts.ts";
import { displayable } from "../base/jupyter.ts";
import { printable } from "../base/printable.ts";
import { datasetHtml } from "./_dataset_html.ts";
import { isHeard, responseTable, signalTypeOf } from "./_response_table.ts";
import { cellQuality, type NeuronQuality } from "./neuron_quality.ts";

/**
 * Stimuli and responses in memory.
 *
 * - `stims[s]` is `(1, F, T)`, `responses[s][n]` is `(R, T)`; pairs that were
 *   never presented share one `(1, 1)` NaN sentinel. If stimuli are waveforms,
 *   `stims[s]` is `(1, T * samplesPerBin)` and F is 0.
 * - Selections of cells and of stimuli narrow {@linkcode length},
 *   {@linkcode at}, {@linkcode slice} and {@linkcode batches}; the fields always
 *   hold everything. {@linkcode SelectableDataset} states their rules.
 * - `console.log` prints a summary, a notebook shows a table of the visible cells,
 *   as does `console.table(dataset.cells())`, and
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
export class NeuralDataset extends SelectableDataset {
  /** Stimuli `(1, F, T)`, or waveforms `(1, T * samplesPerBin)`. */
  readonly stims: readonly Tensor[];
  /** Responses `[s][n]`, each `(R, T)` or the sentinel. */
  readonly responses: readonly (readonly Tensor[])[];
  /** Metadata of each stimulus. */
  override readonly stimMeta: readonly StimMeta[];
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

  private constructor(parts: NeuralDatasetParts) {
    const responses = responseTable(parts);
    super(responses.map((row) => row.map(isHeard)), parts.nrnMeta.length);
    const { dtMs = NaN, samplesPerBin, shape } = parts.stims[0] as Tensor;
    this.stims = parts.stims.map(printableTensor);
    this.#stimKeys = parts.stimKeys;
    this.stimMeta = parts.stimMeta;
    this.#cells = [...parts.nrnMeta];
    this.tally = parts.tally;
    this.responses = responses;
    this.dt = dtMs;
    this.F = samplesPerBin === undefined ? shape[1] ?? 0 : 0;
    this.samplesPerBin = samplesPerBin;
    this.signalType = signalTypeOf(parts.nrnMeta);
    printable(this, datasetText);
    displayable(this, datasetHtml, datasetText);
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
  override get nrnMeta(): readonly CellMeta[] {
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

  /** Species of all cells; undefined if they differ or have none. */
  get species(): string | undefined {
    return sharedSpecies(this.nrnMeta);
  }

  /**
   * Lowest and highest frequency in Hz that the species hears, for orientation:
   * rat 250 to 76,000, ferret 200 to 40,000 (deepSTRF 0.1.0), else undefined.
   */
  get hearingRangeHz(): FrequencyRange | undefined {
    return hearingRangeHz(this.species);
  }

  /** Lowest and highest frequency of the bands in Hz, if known and the same. */
  get bandRangeHz(): FrequencyRange | undefined {
    return sharedBandRangeHz(this.stims);
  }

  /**
   * Returns the `i`-th visible stimulus and the responses of the visible cells; a
   * list of them for a list of indices.
   *
   * @param i Index from 0 to `length - 1`; negative ones count from the end.
   * @throws {RangeError} If there is no such stimulus.
   */
  at(i: number): DatasetItem;
  /** Returns a list of visible stimuli, in the order of the indices. */
  at(i: readonly number[]): DatasetItem[];
  at(i: number | readonly number[]): DatasetItem | DatasetItem[] {
    const cells = this.selectedNeurons;
    return typeof i === "number"
      ? itemOf(this, this.stimAt(i), cells)
      : i.map((one) => itemOf(this, this.stimAt(one), cells));
  }

  /**
   * Returns the visible stimuli from `start` to before `end`, as `Array.slice`
   * counts, each as {@linkcode at} returns it.
   *
   * @example Every second stimulus
   * ```ts
   * import type { DatasetItem, NeuralDataset } from "rxephys";
   *
   * const halved = (dataset: NeuralDataset): DatasetItem[] =>
   *   dataset.slice().filter((_, i) => i % 2 === 0);
   * ```
   */
  slice(start?: number, end?: number): DatasetItem[] {
    return this.at([...Array(this.length).keys()].slice(start, end));
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
    return cellRows(this, this.selectedNeurons);
  }

  /**
   * Returns batches of the stimuli that are visible at the call.
   *
   * - Each batch is made on demand, in new arrays: one is in memory at a time.
   * - The order under `shuffle` depends on the seed and not on `size`: `startAt: k`
   *   starts with batch `k` of the whole run.
   * - Several programs with the same options and each its `shard` visit every
   *   stimulus once.
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
    return batches(this, this.selectedStims, this.selectedNeurons, options);
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
  override toString(): string {
    const percent = Math.round(100 * this.coverage);
    return `N=${this.N} S=${this.S} F=${this.F} dt=${this.dt} ms ` +
      `signal=${this.signalType} coverage=${percent} %`;
  }
}
