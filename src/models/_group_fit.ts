import type { NeuralDataset } from "../dataset/neural_dataset.ts";
import { FitError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import { type BandScale, bandScale, scaledBands } from "./_band_scale.ts";
import type { FittedCell } from "./_cell_groups.ts";
import type { MeanResponse } from "./_mean_response.ts";
import {
  combined,
  type LinearFields,
  NormalEquations,
  ridgeFields,
  squaredErrors,
  type Sums,
} from "./_normal_equations.ts";

/** Checked options of a fit. */
export interface GroupOptions {
  /** Bins of history, L. */
  readonly lags: number;
  /** Penalties to choose from. */
  readonly ridges: readonly number[];
  /** Parts of the training stimuli where there are none for validation. */
  readonly folds: number;
}

/** Fields of a group of cells, with the scale of their stimuli. */
export interface GroupFit {
  readonly scale: BandScale;
  /** Chosen penalty of each cell. */
  readonly ridges: readonly number[];
  readonly fields: LinearFields;
  /** Fraction of variance explained where the penalty was chosen, by cell. */
  readonly explained: readonly number[];
}

/**
 * Fits the cells of a group: one factorization a penalty (and fold) for all.
 *
 * @throws {FitError} If the equations are singular, or there are too few stimuli
 * to choose a penalty.
 */
export function fitGroup(
  dataset: NeuralDataset,
  cells: readonly FittedCell[],
  options: GroupOptions,
): GroupFit {
  const { train, val } = cells[0] as FittedCell;
  const scale = bandScale(
    dataset,
    new Map([...train].map(([s, { mean }]) => [s, mean.length])),
  );
  const sumsOf = (use: "train" | "val", stims: readonly number[]): Sums => {
    const equations = new NormalEquations(
      dataset.F,
      options.lags,
      cells.length,
    );
    for (const s of stims) {
      const all = cells.map((cell) => cell[use].get(s) as MeanResponse);
      const { repeats } = all[0] as MeanResponse;
      const stim = dataset.stims[s] as Tensor;
      equations.add(
        scaledBands(stim, scale, repeats.length),
        all.map(({ mean }) => mean),
        repeats,
      );
    }
    return equations.sums();
  };
  if (val.size > 0) {
    const sums = sumsOf("train", [...train.keys()]);
    const held = sumsOf("val", [...val.keys()]);
    return { scale, ...chosen(sums, [[sums, held]], options) };
  }
  const count = Math.min(options.folds, train.size);
  if (options.ridges.length > 1 && count < 2) {
    throw new FitError(
      `Cannot fit a STRF: cell ${
        cells[0]?.cell
      } heard ${train.size} training ` +
        "stimulus and none for validation, expected two to choose a ridge",
    );
  }
  const stims = [...train.keys()];
  const parts = Array.from(
    { length: count },
    (_, fold) => sumsOf("train", stims.filter((_, i) => i % count === fold)),
  );
  const all = parts.reduce((a, b) => combined(a, 1, b));
  // One penalty is not chosen: its folds need no fit.
  const folds = options.ridges.length === 1
    ? []
    : parts.map((part): [Sums, Sums] => [combined(all, -1, part), part]);
  return { scale, ...chosen(all, folds, options) };
}

/** Fields with the penalty of least error over pairs of training and held-out sums. */
function chosen(
  all: Sums,
  folds: readonly (readonly [train: Sums, held: Sums])[],
  { ridges }: GroupOptions,
): Omit<GroupFit, "scale"> {
  const cells = all.target.length;
  const known = new Map<number, LinearFields>();
  const errors = ridges.map((ridge) => {
    const sum = new Float64Array(cells);
    for (const [train, held] of folds) {
      const fields = solved(train, ridge);
      if (train === all) known.set(ridge, fields);
      const own = squaredErrors(held, fields);
      for (let i = 0; i < cells; i++) {
        (sum[i] as number) += own[i] as number;
      }
    }
    return sum;
  });
  const totals = Array.from(
    { length: cells },
    (_, cell) =>
      folds.reduce((sum, [, held]) => {
        const mean = (held.target[cell] as number) / held.weight;
        return sum + (held.square[cell] as number) - held.weight * mean ** 2;
      }, 0),
  );
  const best = totals.map((_, cell) => {
    const own = errors.map((sum) => sum[cell] as number);
    return own.reduce(
      (least, error, i) => error < (own[least] as number) ? i : least,
      0,
    );
  });
  const chosenRidges = best.map((i) => ridges[i] as number);
  const fits = chosenRidges.map((ridge) => {
    const fields = known.get(ridge) ?? solved(all, ridge);
    known.set(ridge, fields);
    return fields;
  });
  return {
    ridges: chosenRidges,
    fields: {
      weights: fits.map(({ weights }, i) => weights[i] as Float64Array),
      offsets: Float64Array.from(
        fits,
        ({ offsets }, i) => offsets[i] as number,
      ),
    },
    explained: totals.map((total, cell) =>
      1 - (errors[best[cell] as number]?.[cell] as number) / total
    ),
  };
}

function solved(sums: Sums, ridge: number): LinearFields {
  const fields = ridgeFields(sums, ridge);
  if (fields !== undefined) return fields;
  throw new FitError(
    `Cannot fit a STRF: the equations of ${sums.stim.length} weights are ` +
      `singular at ridge ${ridge}, expected more stimuli or a larger ridge`,
  );
}
