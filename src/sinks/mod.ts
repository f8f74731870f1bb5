export type { Batch, BatchOptions } from "../dataset/batch.ts";
export { ccmax } from "../metrics/ccmax.ts";
export { concatDatasets } from "../dataset/concat_datasets.ts";
export { corrcoef } from "../metrics/corrcoef.ts";
export type {
  DatasetItem,
  NeuralDatasetParts,
  Pair,
} from "../dataset/parts.ts";
export { fve } from "../metrics/fve.ts";
export type { MetricOptions } from "../metrics/per_cell.ts";
export { mseLoss } from "../metrics/mse_loss.ts";
export { NeuralDataset } from "../dataset/neural_dataset.ts";
export { noisePower } from "../metrics/noise_power.ts";
export {
  normalizedCorrcoef,
  type NormalizedCorrcoefOptions,
} from "../metrics/normalized_corrcoef.ts";
export { poissonLoss } from "../metrics/poisson_loss.ts";
export { signalPower } from "../metrics/signal_power.ts";
export { snr } from "../metrics/snr.ts";
export { type SplitStimuli, splitStimuli } from "../dataset/split_stimuli.ts";
export {
  type StimulusSplit,
  WEHR_NEURONS_SPLIT_NATURAL,
  WEHR_VALID_NEURONS,
} from "../dataset/published_wehr.ts";
export type { NeuronQuality } from "../dataset/neuron_quality.ts";
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
export type { SinkOptions, SinkProgress } from "../stream/read_sessions.ts";
/**
 * Sinks: where a stream ends.
 *
 * @module
 */
