import {
  concatWith,
  defer,
  type Observable,
  type OperatorFunction,
} from "rxjs";
import { checkOptions } from "../base/check.ts";
import type { CellResponse, Session, Stimulus } from "../session.ts";
import {
  checkSinkOptions,
  type ReadPresentation,
  readSessions,
  type SinkOptions,
} from "../stream/read_sessions.ts";
import type { NeuralDataset } from "../dataset/neural_dataset.ts";
import { RecordingError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import { joinedRepeats } from "../stream/own_memory.ts";
import { MEMORY_KEEPER } from "../stream/kept_reads.ts";
import { lineageOf } from "../stream/lineage.ts";
import { Numbering } from "../stream/numbering.ts";
import { DatasetDraft } from "../dataset/dataset_draft.ts";
import { CellGroup } from "../dataset/layout_draft.ts";

const ACT = "make a dataset";

/** Collects presentations; numbers stimuli and cells. */
export class DatasetBuilder {
  readonly #numbering = new Numbering();
  readonly #draft = new DatasetDraft();
  readonly #parts = new Map<object, CellGroup>();

  /** Starts a session; adds all its cells if its data set has a table of them. */
  begin(session: Session): void {
    const { cellNumbers, partOf = {} } = lineageOf(session);
    const group = this.#parts.get(partOf) ?? new CellGroup();
    this.#parts.set(partOf, group);
    this.#draft.begin(session.id, group);
    if (cellNumbers === undefined) return;
    for (const [position, meta] of session.cells.entries()) {
      const number = this.#numbering.cell(session, position);
      group.listed.add(number);
      this.#draft.listCell(number, meta);
    }
  }

  /** Adds one presentation. */
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

  /** Makes the dataset, aligned across sessions. */
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
    const { key, meta, durationMs } = stimulus;
    const number = this.#numbering.stim(key);
    this.#draft.addStimulus(number, { tensor: read, key, meta, durationMs });
  }
}

function stacked(response: CellResponse, stimulus: Stimulus): Tensor {
  const { repeats, dtMs, unit } = response;
  const bins = repeats[0]?.length;
  const ragged = repeats.some(({ length }) => length !== bins);
  if (bins === undefined || ragged || dtMs === undefined) {
    throw new RecordingError(
      `Cannot make a dataset: repeats of ${stimulus.key} are not aligned, ` +
        "expected bin() and mask() before toDataset()",
    );
  }
  return {
    data: joinedRepeats(response),
    shape: [repeats.length, bins],
    ...(unit !== undefined && { unit }),
    dtMs,
  };
}

/**
 * Reads every session into one {@linkcode NeuralDataset}.
 *
 * - In: sessions after `bin()`, `spectrogram()` and `mask()`. Out: one dataset
 *   after the last session. Stimuli and cells are numbered by first use, cells
 *   without a response are dropped, and each stimulus is cut to the bins that all
 *   its responses have.
 * - If the data set has a table of cells (as Wingert 2026 has), cells are
 *   numbered in the order of the table, and cells and stimuli without a response
 *   are kept.
 * - In memory: the dataset and `concurrency` more presentations.
 *
 * @example Loading a whole data set
 * ```ts
 * import { crcnsAc1Pipeline, toDataset, wehr } from "rxephys";
 * import { lastValueFrom } from "rxjs";
 *
 * const load = () =>
 *   lastValueFrom(wehr("data").pipe(crcnsAc1Pipeline(), toDataset()));
 * ```
 *
 * @throws {RangeError} When called, if `concurrency` is outside its range, or an
 * option does not exist.
 * @throws {RecordingError} In the stream, if no session has a response, or if a
 * stimulus or response is not binned and aligned.
 */
export function toDataset(
  options: SinkOptions = {},
): OperatorFunction<Session, NeuralDataset> {
  checkOptions(ACT, options, ["concurrency", "onProgress"]);
  checkSinkOptions(ACT, options);
  return (sessions): Observable<NeuralDataset> =>
    defer(() => {
      const builder = new DatasetBuilder();
      return readSessions(sessions, {
        keeper: MEMORY_KEEPER,
        begin: (session) => builder.begin(session),
        visit: (item, session) => builder.add(item, session),
      }, options).pipe(concatWith(defer(() => [builder.finish()])));
    });
}
