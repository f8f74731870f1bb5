import { checkCount, checkOptions, checkRange } from "../base/check.ts";
import { firstNonFinite } from "../base/numbers.ts";
import type { NeuralDataset } from "../dataset/neural_dataset.ts";
import type { SplitStimuli } from "../dataset/split_stimuli.ts";
import { FitError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import { cellGroups } from "./_cell_groups.ts";
import { fitGroup } from "./_group_fit.ts";
import { splitsOf } from "./_splits.ts";
import { cellLabel, type CellStrf, strfPeak } from "./cell_strf.ts";
import { StrfFit } from "./strf_fit.ts";

const ACT = "fit a STRF";

/** Options of {@linkcode fitStrf}. */
export interface FitStrfOptions {
  /**
   * Stimuli to fit to (`train`) and to choose the penalty by (`val`): one split
   * for all cells, or one for each. Without stimuli for validation, the penalty is
   * chosen by cross-validation over the training stimuli. `test` is not read.
   */
  readonly split: SplitStimuli | readonly SplitStimuli[];
  /**
   * Indices of the cells to fit.
   *
   * @default the selected cells of the dataset
   */
  readonly cells?: readonly number[];
  /**
   * History that a field weighs in ms, rounded to whole bins, at least one.
   *
   * @default {100}
   */
  readonly historyMs?: number;
  /**
   * Penalties to choose from, each at least 0. They weigh the squared weights per
   * valid repeat and bin, so they do not depend on the amount of data.
   *
   * @default {[0.03, 0.1, 0.3, 1, 3]}
   */
  readonly ridges?: readonly number[];
  /**
   * Parts of the training stimuli in a cross-validation, at least 2.
   *
   * @default {5}
   */
  readonly folds?: number;
}

/**
 * Fits a linear receptive field with an offset (STRF) to the mean response of each
 * cell, by ridge regression.
 *
 * - Stimuli `(1, F, T)` in dB, scaled by the mean and deviation of each band of
 *   the training stimuli; they are at their mean before the onset. Responses
 *   `(R, T)`, any unit: the mean over valid repeats, each bin weighted by their
 *   number. NaN marks what is not valid.
 * - Cells that heard the same stimuli equally often share one factorization for
 *   each penalty: 40 cells take little longer than one.
 * - The penalty of least squared error is chosen for each cell: on the stimuli for
 *   validation, or over folds. The field is then fitted to the training stimuli.
 * - Reference: NumPy 1.24 `linalg.solve` of the plain design matrix, in
 *   `tests/models/linear_strf.py`.
 *
 * @example Fields of all cells, and their scores on other stimuli
 * ```ts
 * import { crcnsAc1Pipeline, randomSplit, toDataset, wehr } from "rxephys";
 * import { fitStrf } from "rxephys/models";
 * import { lastValueFrom } from "rxjs";
 *
 * async function scores(data: string): Promise<void> {
 *   const dataset = await lastValueFrom(
 *     wehr(data).pipe(crcnsAc1Pipeline(), toDataset()),
 *   );
 *   const split = dataset.nrnMeta.map((_, cell) => randomSplit(dataset, cell));
 *   const fit = fitStrf(dataset, { split });
 *   console.table(fit.score(dataset, split));
 * }
 * ```
 *
 * @param dataset Dataset of spectrograms.
 * @param options Stimuli, cells, history and penalties.
 * @returns The fields, in the order of the cells.
 * @throws {TypeError} If an option has another type.
 * @throws {RangeError} If an option is outside its range, or stimuli are
 * waveforms or not finite.
 * @throws {FitError} If a cell heard none of its training stimuli, or they do not
 * determine the field.
 */
export function fitStrf(
  dataset: NeuralDataset,
  options: FitStrfOptions,
): StrfFit {
  checkOptions<FitStrfOptions>(ACT, options, [
    ...["split", "cells", "historyMs", "ridges", "folds"] as const,
  ]);
  const { cells = dataset.selectedNeurons, historyMs = 100, folds = 5 } =
    options;
  const { ridges = [0.03, 0.1, 0.3, 1, 3] } = options;
  checkRange(ACT, "historyMs", historyMs, Number.MIN_VALUE, 60_000);
  checkCount(ACT, "number of ridges", ridges.length, 1);
  for (const ridge of ridges) {
    checkRange(ACT, "ridge", ridge, 0, Number.MAX_VALUE);
  }
  checkCount(ACT, "folds", folds, 2);
  checkCount(ACT, "number of cells", cells.length, 1);
  const splits = splitsOf(ACT, dataset, cells, options.split);
  checkStims(dataset, splits);
  const lags = Math.max(1, Math.round(historyMs / dataset.dt));
  const out: CellStrf[] = [];
  for (const group of cellGroups(dataset, cells, splits)) {
    const [first] = group;
    if ([...first?.train.values() ?? []].every(({ mean }) => !mean.length)) {
      throw new FitError(
        `Cannot ${ACT}: cell ${first?.cell} heard none of its training ` +
          "stimuli, expected at least one",
      );
    }
    const fit = fitGroup(dataset, group, { lags, ridges, folds });
    for (const [i, { cell, place }] of group.entries()) {
      out[place] = cellStrf(dataset, cell, lags, {
        ...fit.scale,
        ridge: fit.ridges[i] as number,
        valFve: fit.explained[i] as number,
        offset: fit.fields.offsets[i] as number,
        values: fit.fields.weights[i] as Float64Array,
      });
    }
  }
  return new StrfFit(out);
}

function checkStims(
  { F, stims }: NeuralDataset,
  splits: readonly SplitStimuli[],
): void {
  if (F === 0) {
    throw new RangeError(
      `Cannot ${ACT}: stimuli are waveforms, expected spectrograms`,
    );
  }
  for (
    const s of new Set(splits.flatMap(({ train, val }) => [train, val].flat()))
  ) {
    const { data } = stims[s] as Tensor;
    const at = firstNonFinite(data);
    if (at < 0) continue;
    throw new RangeError(
      `Cannot ${ACT}: value ${at} of stimulus ${s} is ${
        data[at]
      }, expected a ` +
        "finite level",
    );
  }
}

/** Parts of a {@linkcode CellStrf} that the equations give. */
type Solution =
  & Pick<CellStrf, "means" | "deviations" | "ridge" | "valFve" | "offset">
  & { readonly values: Float64Array };

function cellStrf(
  { nrnMeta, stims, dt }: NeuralDataset,
  index: number,
  lags: number,
  { values, ...fit }: Solution,
): CellStrf {
  const { bandsHz } = stims[0] as Tensor;
  const cell = nrnMeta[index] ?? {};
  const field = {
    weights: {
      data: Float32Array.from(values),
      shape: [fit.means.length, lags],
      dtMs: dt,
    },
    dtMs: dt,
    ...(bandsHz && { bandsHz }),
  };
  const [label, peak] = [cellLabel(cell, index), strfPeak(field)];
  return { index, label, cell, ...field, peak, ...fit };
}
