/**
 * Operators: transformations of the sessions of a stream.
 *
 * @module
 */

export { bin, type BinOptions, type BinReduction } from "./bin.ts";
export {
  crcnsAc1Pipeline,
  type CrcnsAc1PipelineOptions,
} from "./crcns_ac1_pipeline.ts";
export { detrend, type DetrendOptions } from "./detrend.ts";
export { gate, type GateOptions } from "./gate.ts";
export {
  mapResponses,
  type ResponseContext,
  type ResponseFunction,
} from "./map_responses.ts";
export { type CellPredicate, keepCells } from "./keep_cells.ts";
export { keepSessions } from "./keep_sessions.ts";
export {
  keepPresentations,
  type PresentationPredicate,
} from "./keep_presentations.ts";
export {
  mapStimuli,
  type StimulusContext,
  type StimulusFunction,
} from "./map_stimuli.ts";
export { mask, type MaskOptions } from "./mask.ts";
export {
  type BandAndNeuronRanges,
  type GlobalRanges,
  type LogOffset,
  normalize,
  type NormalizeMethod,
  type NormalizeOptions,
  type NormalizeRanges,
  type ValueRange,
} from "./normalize.ts";
export { parallel, type ParallelOptions } from "./parallel.ts";
export { pipeline, type SessionOperator } from "./pipeline.ts";
export { shard } from "./shard.ts";
export type { Shard } from "../base/shard.ts";
export { shuffleBuffer, type ShuffleBufferOptions } from "./shuffle_buffer.ts";
export { signal, type SignalOptions } from "./signal.ts";
export { smooth, type SmoothOptions } from "./smooth.ts";
export { spectrogram, type SpectrogramOptions } from "./spectrogram.ts";
export {
  wingert2026Pipeline,
  type Wingert2026PipelineOptions,
} from "./wingert2026_pipeline.ts";
export { WorkerError } from "./workers/worker_error.ts";
