/**
 * Datasets in memory: selections, batches, concatenation and published splits.
 *
 * @module
 */

export type { BatchOptions } from "./batch.ts";
export type { Batch } from "./collate.ts";
export type { Shard } from "../base/shard.ts";
export { concatDatasets, type ConcatOptions } from "./concat_datasets.ts";
export type { CellRow } from "./cell_table.ts";
export type { DatasetItem } from "./dataset_item.ts";
export type { NeuralDatasetParts, Pair } from "./parts.ts";
export { NeuralDataset } from "./neural_dataset.ts";
export type { SelectableDataset } from "./selectable_dataset.ts";
export type { FrequencyRange } from "./traits.ts";
export {
  type NormalizedResponses,
  normalizeResponses,
  type NormalizeResponsesOptions,
  type ResponseNormalization,
  type StandardizedStims,
  type StandardizeOptions,
  standardizeStims,
} from "./standardize.ts";
export {
  randomSplit,
  type RandomSplitOptions,
  type WehrSplit,
  wehrSplit,
} from "./random_split.ts";
export { type SplitStimuli, splitStimuli } from "./split_stimuli.ts";
export {
  type StimulusSplit,
  WEHR_NEURONS_SPLIT_NATURAL,
  WEHR_VALID_NEURONS,
} from "./published_wehr.ts";
export type { NeuronQuality } from "./neuron_quality.ts";
