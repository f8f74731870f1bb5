/**
 * Models of cells: linear receptive fields by ridge regression, with or without an
 * output stage.
 *
 * @example A field for each cell of a session
 * ```ts
 * import { type NeuralDataset, randomSplit } from "rxephys";
 * import { fitStrf, type StrfFit } from "rxephys/models";
 *
 * function fieldsOf(dataset: NeuralDataset): StrfFit {
 *   const split = randomSplit(dataset, dataset.selectedNeurons);
 *   return fitStrf(dataset, { split, historyMs: 150 });
 * }
 * ```
 *
 * @module
 */

export type { BandScale } from "./_band_scale.ts";
export type { CellStrf, StrfPeak } from "./cell_strf.ts";
export {
  fitNonlinearity,
  type FitNonlinearityOptions,
} from "./fit_nonlinearity.ts";
export { fitStrf, type FitStrfOptions } from "./fit_strf.ts";
export type {
  NonlinearityKind,
  OutputNonlinearity,
} from "./output_nonlinearity.ts";
export { type CellScore, type PredictOptions, StrfFit } from "./strf_fit.ts";
export type { CellStrfJson, StrfJson } from "./_strf_json.ts";
export {
  type BatchWindows,
  joinWindows,
  windowBatch,
  type WindowOptions,
} from "./window_batch.ts";
