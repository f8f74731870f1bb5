import { checkCount } from "../base/check.ts";
import type { NeuralDataset } from "../dataset/neural_dataset.ts";
import type { SplitStimuli } from "../dataset/split_stimuli.ts";

/**
 * The split of each cell: the same for all, or one for each.
 *
 * @param act Completes "Cannot ...".
 * @throws {RangeError} If the number of splits or an index is wrong.
 */
export function splitsOf(
  act: string,
  dataset: NeuralDataset,
  cells: readonly number[],
  split: SplitStimuli | readonly SplitStimuli[],
): readonly SplitStimuli[] {
  for (const cell of cells) checkCount(act, "cell", cell, 0, dataset.N - 1);
  const splits = isList(split) ? split : cells.map(() => split);
  if (splits.length !== cells.length) {
    throw new RangeError(
      `Cannot ${act}: number of splits is ${splits.length}, expected one, or ` +
        `one for each of ${cells.length} cells`,
    );
  }
  for (const own of new Set(splits)) {
    for (const use of ["train", "val", "test"] as const) {
      if (!Array.isArray(own?.[use])) {
        throw new TypeError(
          `Cannot ${act}: ${use} of a split is ${
            String(own?.[use])
          }, expected ` +
            "a list of stimuli",
        );
      }
      const seen = new Set<number>();
      for (const s of own[use]) {
        checkCount(act, `stimulus in ${use}`, s, 0, dataset.S - 1);
        if (seen.has(s)) {
          throw new RangeError(
            `Cannot ${act}: stimulus in ${use} is ${s} twice, expected each once`,
          );
        }
        seen.add(s);
      }
    }
  }
  return splits;
}

function isList(
  split: SplitStimuli | readonly SplitStimuli[],
): split is readonly SplitStimuli[] {
  return Array.isArray(split);
}
