import { checkCount } from "../base/check.ts";
import type { NeuralDataset } from "./neural_dataset.ts";
import {
  type StimulusSplit,
  WEHR_NEURONS_SPLIT_NATURAL,
} from "./published_wehr.ts";

const ACT = "split stimuli";

/** Indices of stimuli by use, in the order of the dataset. */
export interface SplitStimuli {
  /** For fitting. */
  readonly train: readonly number[];
  /** For early stopping and tuning. */
  readonly val: readonly number[];
  /** For reporting. */
  readonly test: readonly number[];
}

/**
 * Splits the stimuli that a cell heard: in the order of the dataset the first
 * are for training, the next for validation, the rest for test.
 *
 * The counts of {@linkcode WEHR_NEURONS_SPLIT_NATURAL}, found by the cell's
 * `wehrCellIdx`, must add up to the number of stimuli that the cell heard. If they
 * do not (see there), and for other data sets, pass counts. Selections have no
 * effect.
 *
 * @example Training on the first part of a cell's stimuli
 * ```ts
 * import { type NeuralDataset, splitStimuli } from "rxephys";
 *
 * function selectTraining(dataset: NeuralDataset, cell: number): void {
 *   const { train } = splitStimuli(dataset, cell, [7, 1, 2]);
 *   dataset.selectNeurons(cell);
 *   dataset.selectStims(train);
 * }
 * ```
 *
 * @param dataset Dataset.
 * @param cell Index of the cell.
 * @param split Counts `[train, val, test]`; by default the published ones.
 * @throws {RangeError} If there is no such cell, it has no published split, or
 * the counts do not add up to the stimuli that it heard.
 */
export function splitStimuli(
  dataset: NeuralDataset,
  cell: number,
  split?: StimulusSplit,
): SplitStimuli {
  checkCount(ACT, "cell", cell, 0, dataset.N - 1);
  const [train, val, test] = split ?? publishedSplit(dataset, cell);
  checkCount(ACT, "train", train, 0);
  checkCount(ACT, "val", val, 0);
  checkCount(ACT, "test", test, 0);
  const heard = dataset.nrnMasks.flatMap((row, s) => row[cell] ? [s] : []);
  if (heard.length !== train + val + test) {
    throw new RangeError(
      `Cannot ${ACT}: number of stimuli of cell ${cell} is ${heard.length}, ` +
        `expected ${train} + ${val} + ${test} as in its split`,
    );
  }
  return {
    train: heard.slice(0, train),
    val: heard.slice(train, train + val),
    test: heard.slice(train + val),
  };
}

function publishedSplit(dataset: NeuralDataset, cell: number): StimulusSplit {
  const { wehrCellIdx } = dataset.nrnMeta[cell] ?? {};
  const split = WEHR_NEURONS_SPLIT_NATURAL[Number(wehrCellIdx ?? NaN)];
  if (split !== undefined) return split;
  throw new RangeError(
    `Cannot ${ACT}: wehrCellIdx of cell ${cell} is ${wehrCellIdx}, expected ` +
      `0 to ${WEHR_NEURONS_SPLIT_NATURAL.length - 1} or counts of your own`,
  );
}
