import {
  concatWith,
  defer,
  type Observable,
  type OperatorFunction,
} from "rxjs";
import type { Session } from "../session.ts";
import {
  checkSinkOptions,
  readSessions,
  type SinkOptions,
} from "./_read_sessions.ts";
import { DatasetBuilder } from "./dataset/_dataset_builder.ts";
import type { NeuralDataset } from "./dataset/neural_dataset.ts";

/**
 * Reads every session into one {@linkcode NeuralDataset}.
 *
 * - In: sessions after `bin()`, `spectrogram()` and `mask()`. Out: one dataset,
 *   when the last session is read; stimuli and cells are numbered by first use,
 *   a cell without a response is dropped, and each stimulus is cut to the bins
 *   that all its responses have.
 * - Sessions whose data set has a table of cells (`cellNumbers`): cells are
 *   numbered in the order of the table, and none of them is dropped, nor is a
 *   stimulus without a response.
 * - In memory: the dataset, and `concurrency` presentations on their way.
 *
 * @example The dataset of a whole stream
 * ```ts
 * import { crcnsAc1Pipeline, toDataset, wehr } from "rxephys";
 * import { lastValueFrom } from "rxjs";
 *
 * const load = () =>
 *   lastValueFrom(wehr("data").pipe(crcnsAc1Pipeline(), toDataset()));
 * ```
 *
 * @throws {RangeError} When called, if `concurrency` is outside its range.
 * @throws {RecordingError} In the stream, if no response is left, or if what
 * arrives is not binned and aligned.
 */
export function toDataset(
  options: SinkOptions = {},
): OperatorFunction<Session, NeuralDataset> {
  checkSinkOptions("make a dataset", options);
  return (sessions): Observable<NeuralDataset> =>
    defer(() => {
      const builder = new DatasetBuilder();
      return readSessions(sessions, {
        begin: (session) => builder.begin(session),
        visit: (item, session) => builder.add(item, session),
      }, options).pipe(concatWith(defer(() => [builder.finish()])));
    });
}
