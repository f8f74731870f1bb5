import { checkCount, checkOptions, checkRange } from "../base/check.ts";
import { shuffled } from "../base/random.ts";
import type { NeuralDataset } from "./neural_dataset.ts";
import { WEHR_NEURONS_SPLIT_NATURAL } from "./published_wehr.ts";
import { type SplitStimuli, splitStimuli } from "./split_stimuli.ts";

const ACT = "split stimuli";

/** Options of {@linkcode randomSplit}. */
export interface RandomSplitOptions {
  /**
   * Seed of the order, a whole number from 0 to 2^53 - 1.
   *
   * @default {0}
   */
  readonly seed?: number;
  /**
   * Fraction of the stimuli for validation, 0 to 1; at least one if above 0.
   *
   * @default {0.2}
   */
  readonly val?: number;
  /**
   * Fraction of the stimuli for test, 0 to 1; at least one if above 0.
   *
   * @default {0.2}
   */
  readonly test?: number;
}

/**
 * Splits the stimuli that some cells heard at random: those that at least one of
 * the cells heard. Selections have no effect.
 *
 * @example One split for all cells of a dataset
 * ```ts
 * import { type NeuralDataset, randomSplit } from "rxephys";
 *
 * function trainingStimuli(dataset: NeuralDataset): readonly number[] {
 *   const { train } = randomSplit(dataset, [...dataset.nrnMeta.keys()]);
 *   return train;
 * }
 * ```
 *
 * @param dataset Dataset.
 * @param cells Index of a cell, or of several.
 * @returns Indices of stimuli, each part in the order of the dataset.
 * @throws {RangeError} If there is no such cell, or too few stimuli for one in
 * each part.
 */
export function randomSplit(
  dataset: NeuralDataset,
  cells: number | readonly number[],
  options: RandomSplitOptions = {},
): SplitStimuli {
  checkOptions<RandomSplitOptions>(ACT, options, ["seed", "val", "test"]);
  const { seed = 0, val = 0.2, test = 0.2 } = options;
  checkCount(ACT, "seed", seed, 0);
  checkRange(ACT, "val", val, 0, 1);
  checkRange(ACT, "test", test, 0, 1);
  const wanted = [cells].flat();
  for (const cell of wanted) checkCount(ACT, "cell", cell, 0, dataset.N - 1);
  const heard = dataset.nrnMasks.flatMap((row, s) =>
    wanted.some((cell) => row[cell]) ? [s] : []
  );
  const part = (fraction: number): number =>
    fraction === 0 ? 0 : Math.max(1, Math.round(fraction * heard.length));
  const [vals, tests] = [part(val), part(test)];
  if (vals + tests >= heard.length) {
    throw new RangeError(
      `Cannot ${ACT}: number of stimuli that were heard is ${heard.length}, ` +
        `expected more than ${vals} for validation and ${tests} for test`,
    );
  }
  const order = shuffled(heard, seed);
  const sorted = (stims: readonly number[]): number[] =>
    stims.toSorted((a, b) => a - b);
  return {
    train: sorted(order.slice(vals + tests)),
    val: sorted(order.slice(0, vals)),
    test: sorted(order.slice(vals, vals + tests)),
  };
}

/** Result of {@linkcode wehrSplit}. */
export interface WehrSplit extends SplitStimuli {
  /** `published`, or `random` where the published counts do not fit. */
  readonly origin: "published" | "random";
}

/**
 * The published split of a Wehr cell if its counts add up to the stimuli that the
 * cell heard, else a random one.
 *
 * @example A split for each cell
 * ```ts
 * import { type NeuralDataset, type WehrSplit, wehrSplit } from "rxephys";
 *
 * function splitsOf(dataset: NeuralDataset): WehrSplit[] {
 *   return dataset.nrnMeta.map((_, cell) => wehrSplit(dataset, cell));
 * }
 * ```
 *
 * @param dataset Dataset of Wehr cells.
 * @param cell Index of the cell.
 * @param options Options of the random split.
 * @throws {RangeError} As {@linkcode randomSplit}.
 */
export function wehrSplit(
  dataset: NeuralDataset,
  cell: number,
  options: RandomSplitOptions = {},
): WehrSplit {
  const { wehrCellIdx } = dataset.nrnMeta[cell] ?? {};
  const counts = WEHR_NEURONS_SPLIT_NATURAL[Number(wehrCellIdx ?? NaN)];
  const heard = dataset.nrnMasks.filter((row) => row[cell]).length;
  if (counts?.reduce((a, b) => a + b) === heard) {
    return { ...splitStimuli(dataset, cell, counts), origin: "published" };
  }
  return { ...randomSplit(dataset, cell, options), origin: "random" };
}
