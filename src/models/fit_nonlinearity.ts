import { checkOptions } from "../base/check.ts";
import type { NeuralDataset } from "../dataset/neural_dataset.ts";
import type { SplitStimuli } from "../dataset/split_stimuli.ts";
import { FitError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import { fitCurve, type Points } from "./_fit_curve.ts";
import { meanResponses } from "./_mean_response.ts";
import { splitsOf } from "./_splits.ts";
import type { CellStrf } from "./cell_strf.ts";
import type { NonlinearityKind } from "./output_nonlinearity.ts";
import { StrfFit } from "./strf_fit.ts";

const ACT = "fit an output stage";

/** Options of {@linkcode fitNonlinearity}. */
export interface FitNonlinearityOptions {
  /** Stimuli to fit to (`train`): one split for all cells, or one for each. */
  readonly split: SplitStimuli | readonly SplitStimuli[];
  /**
   * Shape of the stage: `softplus` has no upper end, `sigmoid` saturates.
   *
   * @default {"softplus"}
   */
  readonly kind?: NonlinearityKind;
}

/**
 * Fits an output stage to each cell, on top of its linear field: the curve from the
 * linear prediction to the mean response (linear-nonlinear model).
 *
 * - Four parameters a cell, by least squares over the bins of the training
 *   stimuli, each weighted by its number of valid repeats (Levenberg and
 *   Marquardt). The fields stay as they are.
 * - Reference: SciPy 1.10 `curve_fit`, in `tests/models/curve_fit.py`.
 *
 * @example Does a threshold help?
 * ```ts
 * import { type NeuralDataset, randomSplit } from "rxephys";
 * import { fitNonlinearity, fitStrf } from "rxephys/models";
 *
 * function compare(dataset: NeuralDataset): void {
 *   const split = randomSplit(dataset, dataset.selectedNeurons);
 *   const linear = fitStrf(dataset, { split });
 *   const curved = fitNonlinearity(linear, dataset, { split });
 *   console.log(linear.score(dataset, split), curved.score(dataset, split));
 * }
 * ```
 *
 * @param fit Linear fields; output stages that it has are replaced.
 * @param dataset The dataset of the fit, or one with the same cells.
 * @param options Stimuli and shape.
 * @returns A new fit.
 * @throws {TypeError} If an option has another type.
 * @throws {RangeError} If an option, a cell or a stimulus is outside its range.
 * @throws {FitError} If a cell has fewer than four bins, or its field predicts one
 * and the same response in all of them.
 */
export function fitNonlinearity(
  fit: StrfFit,
  dataset: NeuralDataset,
  options: FitNonlinearityOptions,
): StrfFit {
  checkOptions<FitNonlinearityOptions>(ACT, options, ["split", "kind"]);
  const { split, kind = "softplus" } = options;
  if (kind !== "softplus" && kind !== "sigmoid") {
    throw new RangeError(
      `Cannot ${ACT}: kind is ${String(kind)}, expected softplus or sigmoid`,
    );
  }
  const indices = fit.cells.map(({ index }) => index);
  const splits = splitsOf(ACT, dataset, indices, split);
  return new StrfFit(fit.cells.map((cell, i) => {
    const { train } = splits[i] as SplitStimuli;
    const nonlinearity = fitCurve(pointsOf(cell, dataset, train), kind);
    if (nonlinearity !== undefined) return { ...cell, nonlinearity };
    throw new FitError(
      `Cannot ${ACT}: the training stimuli of cell ${cell.index} give too few ` +
        "different predictions, expected at least four bins",
    );
  }));
}

/** Linear prediction, mean response and weight of every valid bin. */
function pointsOf(
  cell: CellStrf,
  dataset: NeuralDataset,
  stims: readonly number[],
): Points {
  const [x, y, weight]: [number[], number[], number[]] = [[], [], []];
  const linear = new StrfFit([cell]);
  for (const [s, own] of meanResponses(dataset, cell.index, stims)) {
    const stim = dataset.stims[s] as Tensor;
    const { data } = linear.predict(stim, { linear: true });
    for (const [t, count] of own.repeats.entries()) {
      if (count === 0) continue;
      x.push(data[t] as number);
      y.push(own.mean[t] as number);
      weight.push(count);
    }
  }
  return {
    x: Float64Array.from(x),
    y: Float64Array.from(y),
    weight: Float64Array.from(weight),
  };
}
