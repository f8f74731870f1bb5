import { RecordingError } from "../../errors.ts";
import type { Response, Session, Stimulus } from "../../session.ts";
import type { Tensor } from "../../tensor.ts";
import { joinedRepeats } from "../_joined_repeats.ts";
import { Numbering } from "../_numbering.ts";
import type { ReadPresentation } from "../_read_sessions.ts";
import { DatasetDraft } from "./_dataset_draft.ts";
import type { NeuralDataset } from "./neural_dataset.ts";

/** Gathers presentations; numbers stimuli and cells. */
export class DatasetBuilder {
  readonly #numbering = new Numbering();
  readonly #draft = new DatasetDraft();

  /** Takes the cells of a session in whose data set has a table of them. */
  begin(session: Session): void {
    if (session.cellNumbers === undefined) return;
    for (const [position, meta] of session.cells.entries()) {
      this.#draft.listCell(this.#numbering.cell(session, position), meta);
    }
  }

  /** Takes one presentation in. */
  add({ stimulus, read, trials }: ReadPresentation, session: Session): void {
    this.#draft.addTally(trials.tally);
    if (read !== null) this.#addStimulus(stimulus, read);
    for (const [position, response] of trials.responses.entries()) {
      if (response === null) continue;
      this.#draft.addPair({
        stim: this.#numbering.stim(stimulus.key),
        cell: this.#numbering.cell(session, position),
        response: stacked(response, stimulus),
      }, { ...session.cells[position], signalType: response.kind });
    }
  }

  /** The dataset of all that was added, aligned across sessions. */
  finish(): NeuralDataset {
    return this.#draft.finish();
  }

  #addStimulus(stimulus: Stimulus, read: ReadPresentation["read"]): void {
    if (read === null || !("shape" in read)) {
      throw new RecordingError(
        `Cannot make a dataset: stimulus ${stimulus.key} is a waveform, ` +
          "expected mask() before toDataset()",
      );
    }
    const { key, meta } = stimulus;
    this.#draft.addStimulus(this.#numbering.stim(key), read, meta);
  }
}

function stacked(response: Response, stimulus: Stimulus): Tensor {
  const { repeats, dtMs } = response;
  const bins = repeats[0]?.length;
  const ragged = repeats.some(({ length }) => length !== bins);
  if (bins === undefined || ragged || dtMs === undefined) {
    throw new RecordingError(
      `Cannot make a dataset: repeats of ${stimulus.key} are not aligned, ` +
        "expected bin() and mask() before toDataset()",
    );
  }
  return { data: joinedRepeats(response), shape: [repeats.length, bins], dtMs };
}
