/**
 * Sinks: where a stream ends.
 *
 * @module
 */
export type { Batch, BatchOptions } from "./dataset/batch.ts";
export { ccmax } from "./dataset/metrics/ccmax.ts";
export { concatDatasets } from "./dataset/concat_datasets.ts";
export { corrcoef } from "./dataset/metrics/corrcoef.ts";
export type { DatasetItem } from "./dataset/dataset_item.ts";
export type { NeuralDatasetParts, Pair } from "./dataset/dataset_parts.ts";
export { fve } from "./dataset/metrics/fve.ts";
export type { MetricOptions } from "./dataset/metrics/metric_options.ts";
export { mseLoss } from "./dataset/metrics/mse_loss.ts";
export { NeuralDataset } from "./dataset/neural_dataset.ts";
export { noisePower } from "./dataset/metrics/noise_power.ts";
export {
  normalizedCorrcoef,
  type NormalizedCorrcoefOptions,
} from "./dataset/metrics/normalized_corrcoef.ts";
export { poissonLoss } from "./dataset/metrics/poisson_loss.ts";
export { signalPower } from "./dataset/metrics/signal_power.ts";
export { snr } from "./dataset/metrics/snr.ts";
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
export { readDataset } from "./read_dataset.ts";
export { toDataset } from "./to_dataset.ts";
export { type NdjsonOptions, toNdjson } from "./to_ndjson.ts";
export { toNpz } from "./to_npz.ts";
export { toSafetensors } from "./to_safetensors.ts";
export { toZarr } from "./to_zarr.ts";
export type { FileOptions, WriteSummary } from "./files/file_options.ts";
export type { SinkOptions, SinkProgress } from "./_read_sessions.ts";
