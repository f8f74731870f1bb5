import { cutTime, type Tensor, timeBins } from "../tensor.ts";
import { RecordingError } from "../errors.ts";
import type { CellMeta, GateTally, StimMeta } from "../session.ts";
import { TallySum } from "../stream/repeats.ts";
import type { Pair } from "./parts.ts";
import { NeuralDataset } from "./neural_dataset.ts";

/** Collects numbered stimuli, cells and pairs in any order. */
export class DatasetDraft {
  readonly #stims: { tensor: Tensor; meta: StimMeta }[] = [];
  readonly #listed = new Map<number, CellMeta>();
  readonly #heard = new Map<number, CellMeta>();
  readonly #pairs: Pair[] = [];
  readonly #tally = new TallySum();

  /** Adds a stimulus. */
  addStimulus(stim: number, tensor: Tensor, meta: StimMeta): void {
    this.#stims[stim] = { tensor, meta };
  }

  /** Adds a cell that is kept even without a response. */
  listCell(cell: number, meta: CellMeta): void {
    this.#listed.set(cell, meta);
  }

  /** Adds a response `(R, T)` and the metadata of its cell with `signalType`. */
  addPair(pair: Pair, meta: CellMeta): void {
    const heard = this.#heard.get(pair.cell);
    if (heard === undefined || heard.signalType !== meta.signalType) {
      this.#heard.set(pair.cell, meta);
    }
    this.#pairs.push(pair);
  }

  /** Adds the gate's counts. */
  addTally(tally: GateTally): void {
    this.#tally.add(tally);
  }

  /** Makes the dataset; each stimulus is cut to its shortest response. */
  finish(): NeuralDataset {
    if (this.#stims.length === 0) {
      throw new RecordingError(
        "Cannot make a dataset: no session has a response left",
      );
    }
    const bins = this.#stims.map(({ tensor }) => timeBins(tensor));
    for (const { stim, response } of this.#pairs) {
      bins[stim] = Math.min(bins[stim], response.shape[1]);
    }
    const numbers = [
      ...new Set([...this.#listed.keys(), ...this.#heard.keys()]),
    ]
      .sort((a, b) => a - b);
    const places = new Map(numbers.map((number, place) => [number, place]));
    return NeuralDataset.fromPairs({
      stims: this.#stims.map(({ tensor }, s) => cutTime(tensor, bins[s])),
      stimMeta: this.#stims.map(({ meta }) => meta),
      nrnMeta: numbers.map((number) => this.#meta(number)),
      pairs: this.#pairs.map(({ stim, cell, response }) => ({
        stim,
        cell: places.get(cell) as number,
        response: cutTime(response, bins[stim]),
      })),
      tally: this.#tally.total,
    });
  }

  #meta(cell: number): CellMeta {
    const listed = this.#listed.get(cell);
    const heard = this.#heard.get(cell);
    const { signalType = "raw" } = listed ?? {};
    const isKnown = heard === undefined || heard.signalType === signalType;
    return (isKnown && listed) || (heard as CellMeta);
  }
}
