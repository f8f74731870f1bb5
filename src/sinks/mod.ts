/**
 * Sinks: where a stream ends.
 *
 * @module
 */
export {
  type DatasetItem,
  NeuralDataset,
  type NeuralDatasetParts,
  type Pair,
} from "./dataset/neural_dataset.ts";
export type { NeuronQuality } from "./dataset/neuron_quality.ts";
export { toDataset } from "./to_dataset.ts";
export {
  type NdjsonOptions,
  type NdjsonSummary,
  toNdjson,
} from "./to_ndjson.ts";
export type { SinkOptions, SinkProgress } from "./_read_sessions.ts";
