/**
 * Sinks: where a stream ends.
 *
 * @module
 */
export type { Batch, BatchOptions } from "./dataset/batch.ts";
export { concatDatasets } from "./dataset/concat_datasets.ts";
export type { DatasetItem } from "./dataset/dataset_item.ts";
export type { NeuralDatasetParts, Pair } from "./dataset/dataset_parts.ts";
export { NeuralDataset } from "./dataset/neural_dataset.ts";
export { type SplitStimuli, splitStimuli } from "./dataset/split_stimuli.ts";
export {
  type StimulusSplit,
  WEHR_NEURONS_SPLIT_NATURAL,
} from "./dataset/wehr_neurons_split_natural.ts";
export { WEHR_VALID_NEURONS } from "./dataset/wehr_valid_neurons.ts";
export type { NeuronQuality } from "./dataset/neuron_quality.ts";
export {
  type AsyncIterableOptions,
  type PresentationItem,
  toAsyncIterable,
} from "./to_async_iterable.ts";
export { toDataset } from "./to_dataset.ts";
export { type NdjsonOptions, toNdjson } from "./to_ndjson.ts";
export { toNpz } from "./to_npz.ts";
export { toSafetensors } from "./to_safetensors.ts";
export { toZarr } from "./to_zarr.ts";
export type { FileOptions, WriteSummary } from "./files/file_options.ts";
export type { SinkOptions, SinkProgress } from "./_read_sessions.ts";
