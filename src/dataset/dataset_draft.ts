import { cutTime, type Tensor, timeBins } from "../tensor.ts";
import { RecordingError } from "../errors.ts";
import type { CellMeta, GateTally, StimMeta } from "../session.ts";
import { TallySum } from "../stream/tally.ts";
import { setLayout } from "./layout.ts";
import { type CellGroup, LayoutDraft } from "./layout_draft.ts";
import { NeuralDataset } from "./neural_dataset.ts";
import type { Pair } from "./parts.ts";

/** Stimulus of a draft. */
export interface DraftStimulus {
  readonly tensor: Tensor;
  readonly key: string;
  readonly meta: StimMeta;
  readonly durationMs: number;
}

/** Collects numbered stimuli, cells and pairs in any order. */
export class DatasetDraft {
  readonly #stims: DraftStimulus[] = [];
  readonly #listed = new Map<number, CellMeta>();
  readonly #heard = new Map<number, CellMeta>();
  readonly #pairs: Pair[] = [];
  readonly #tally = new TallySum();
  readonly #layout = new LayoutDraft();

  /** Starts a session. */
  begin(id: string, group: CellGroup): void {
    this.#layout.begin(id, group);
  }

  /** Adds a stimulus that the current session presented. */
  addStimulus(stim: number, stimulus: DraftStimulus): void {
    this.#stims[stim] = stimulus;
    this.#layout.addStimulus(stim, stimulus.durationMs);
  }

  /** Adds a cell that is kept even without a response. */
  listCell(cell: number, meta: CellMeta): void {
    this.#listed.set(cell, meta);
  }

  /**
   * Adds a response `(R, T)` of the current session, and the metadata of its cell
   * with `signalType`.
   */
  addPair(pair: Pair, meta: CellMeta): void {
    this.#layout.addResponse(pair.stim, pair.cell);
    const heard = this.#heard.get(pair.cell);
    if (heard === undefined || heard.signalType !== meta.signalType) {
      this.#heard.set(pair.cell, meta);
    }
    this.#pairs.push(pair);
  }

  /** Adds the gate's counts. */
  addTally(tally: GateTally): void {
    this.#tally.add(tally);
    this.#layout.addTally(tally);
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
      bins[stim] = Math.min(bins[stim] ?? 0, response.shape[1] ?? 0);
    }
    const numbers = [
      ...new Set([...this.#listed.keys(), ...this.#heard.keys()]),
    ]
      .sort((a, b) => a - b);
    const places = new Map(numbers.map((number, place) => [number, place]));
    const dataset = NeuralDataset.fromPairs({
      stims: this.#stims.map(({ tensor }, s) => cutTime(tensor, bins[s] ?? 0)),
      stimKeys: this.#stims.map(({ key }) => key),
      stimMeta: this.#stims.map(({ meta }) => meta),
      nrnMeta: numbers.map((number) => this.#meta(number)),
      pairs: this.#pairs.map(({ stim, cell, response }) => ({
        stim,
        cell: places.get(cell) as number,
        response: cutTime(response, bins[stim] ?? 0),
      })),
      tally: this.#tally.total,
    });
    setLayout(dataset, this.#layout.finish(places));
    return dataset;
  }

  #meta(cell: number): CellMeta {
    const listed = this.#listed.get(cell);
    const heard = this.#heard.get(cell);
    const { signalType = "raw" } = listed ?? {};
    const isKnown = heard === undefined || heard.signalType === signalType;
    return (isKnown && listed) || (heard as CellMeta);
  }
}
