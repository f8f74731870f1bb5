import type { NeuralDataset } from "../dataset/neural_dataset.ts";
import type { SplitStimuli } from "../dataset/split_stimuli.ts";
import { type MeanResponse, meanResponses } from "./_mean_response.ts";

/** A cell with the mean responses that it is fitted to. */
export interface FittedCell {
  /** Index of the cell in the dataset. */
  readonly cell: number;
  /** Place of the cell in the result. */
  readonly place: number;
  /** Mean responses to the training stimuli, by stimulus. */
  readonly train: ReadonlyMap<number, MeanResponse>;
  /** Mean responses to the validation stimuli, by stimulus. */
  readonly val: ReadonlyMap<number, MeanResponse>;
}

/**
 * Groups cells that heard the same stimuli with the same numbers of valid repeats
 * in every bin: their equations have the same left side.
 *
 * @param cells Indices of cells.
 * @param splits Split of each cell.
 */
export function cellGroups(
  dataset: NeuralDataset,
  cells: readonly number[],
  splits: readonly SplitStimuli[],
): FittedCell[][] {
  const fitted = cells.map((cell, place): FittedCell => {
    const { train, val } = splits[place] as SplitStimuli;
    return {
      cell,
      place,
      train: meanResponses(dataset, cell, train),
      val: meanResponses(dataset, cell, val),
    };
  });
  return [
    ...Map.groupBy(
      fitted,
      ({ train, val }) => `${repeatsKey(train)};${repeatsKey(val)}`,
    ).values(),
  ];
}

/** Text that is the same for the same stimuli and numbers of repeats. */
function repeatsKey(responses: ReadonlyMap<number, MeanResponse>): string {
  return [...responses].map(([s, { repeats }]) => {
    const first = repeats[0] ?? 0;
    const isConstant = repeats.every((count) => count === first);
    return `${s}:${isConstant ? `${first}x${repeats.length}` : repeats.join()}`;
  }).join(" ");
}
