import { RecordingError } from "../../errors.ts";
import type {
  CellMeta,
  Response,
  Session,
  StimMeta,
  Stimulus,
} from "../../session.ts";
import type { Tensor } from "../../tensor.ts";
import { cutTime } from "../../_cut_time.ts";
import { Numbering } from "../_numbering.ts";
import type { ReadPresentation } from "../_read_sessions.ts";
import { TallySum } from "../_tally_sum.ts";
import { timeBins } from "../../_time_bins.ts";
import type { Pair } from "./dataset_parts.ts";
import { NeuralDataset } from "./neural_dataset.ts";

/** Gathers presentations; numbers stimuli and cells. */
export class DatasetBuilder {
  readonly #stims: { tensor: Tensor; meta: StimMeta; bins: number }[] = [];
  readonly #cells = new Map<number, CellMeta>();
  readonly #numbering = new Numbering();
  readonly #pairs: Pair[] = [];
  readonly #tally = new TallySum();

  /** Takes the cells of a session in whose data set has a table of them. */
  begin(session: Session): void {
    if (session.cellNumbers === undefined) return;
    for (const [position, meta] of session.cells.entries()) {
      this.#cells.set(this.#numbering.cell(session, position), meta);
    }
  }

  /** Takes one presentation in. */
  add({ stimulus, read, trials }: ReadPresentation, session: Session): void {
    this.#tally.add(trials.tally);
    if (read !== null) this.#addStimulus(stimulus, read);
    for (const [position, response] of trials.responses.entries()) {
      if (response === null) continue;
      const stim = this.#numbering.stim(stimulus.key);
      const cell = this.#numbering.cell(session, position);
      const { kind } = response;
      if (this.#cells.get(cell)?.signalType !== kind) {
        const meta = { ...session.cells[position], signalType: kind };
        this.#cells.set(cell, meta);
      }
      this.#addPair({ stim, cell, response: stacked(response, stimulus) });
    }
  }

  /** The dataset of all that was added, aligned across sessions. */
  finish(): NeuralDataset {
    if (this.#stims.length === 0) {
      throw new RecordingError(
        "Cannot make a dataset: no session has a response left",
      );
    }
    const numbers = [...this.#cells.keys()].sort((a, b) => a - b);
    const places = new Map(numbers.map((number, place) => [number, place]));
    return NeuralDataset.fromPairs({
      stims: this.#stims.map(({ tensor, bins }) => cutTime(tensor, bins)),
      stimMeta: this.#stims.map(({ meta }) => meta),
      nrnMeta: numbers.map((number) => this.#cells.get(number) as CellMeta),
      pairs: this.#pairs.map(({ stim, cell, response }) => ({
        stim,
        cell: places.get(cell) as number,
        response: cutTime(response, this.#stims[stim].bins),
      })),
      tally: this.#tally.total,
    });
  }

  #addStimulus(stimulus: Stimulus, read: ReadPresentation["read"]): void {
    if (read === null || !("shape" in read)) {
      throw new RecordingError(
        `Cannot make a dataset: stimulus ${stimulus.key} is a waveform, ` +
          "expected mask() before toDataset()",
      );
    }
    this.#stims[this.#numbering.stim(stimulus.key)] = {
      tensor: read,
      meta: stimulus.meta,
      bins: timeBins(read),
    };
  }

  #addPair(pair: Pair): void {
    const stim = this.#stims[pair.stim];
    stim.bins = Math.min(stim.bins, pair.response.shape[1]);
    this.#pairs.push(pair);
  }
}

function stacked(
  { repeats, scale, dtMs }: Response,
  stimulus: Stimulus,
): Tensor {
  const bins = repeats[0]?.length;
  const ragged = repeats.some(({ length }) => length !== bins);
  if (bins === undefined || ragged || dtMs === undefined) {
    throw new RecordingError(
      `Cannot make a dataset: repeats of ${stimulus.key} are not aligned, ` +
        "expected bin() and mask() before toDataset()",
    );
  }
  const data = new Float32Array(repeats.length * bins);
  for (const [r, repeat] of repeats.entries()) {
    for (let t = 0; t < bins; t++) data[r * bins + t] = repeat[t] * scale;
  }
  return { data, shape: [repeats.length, bins], dtMs };
}
