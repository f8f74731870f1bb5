/**
 * rxephys streams auditory electrophysiology out of its archives: sources give
 * recording sessions as RxJS observables, operators transform them, sinks end
 * the stream in a dataset or a file.
 *
 * @example From the zips to tensors
 * ```ts
 * import { crcnsAc1Pipeline, toDataset, wehr } from "rxephys";
 * import { lastValueFrom } from "rxjs";
 *
 * const load = () =>
 *   lastValueFrom(
 *     wehr("~/data/CRCNS_AC1").pipe(crcnsAc1Pipeline(), toDataset()),
 *   );
 * ```
 *
 * @module
 */

// Sources
export {
  asari,
  type AsariOptions,
  crcnsAc1,
  type CrcnsAc1Options,
  type CrcnsCredentials,
  dataFolder,
  DEFAULT_LIMITS,
  download,
  type DownloadableDataset,
  type DownloadedFile,
  type DownloadOptions,
  type DownloadProgress,
  type DownloadState,
  type Limits,
  type SourceOptions,
  type SourceWarning,
  type SyntheticAc1Options,
  type SyntheticAc1Truth,
  type SyntheticCellTruth,
  type SyntheticHalfTruth,
  type SyntheticNonlinearity,
  type SyntheticProgress,
  type SyntheticRecord,
  type SyntheticResponse,
  type SyntheticScale,
  type SyntheticWingertCell,
  type SyntheticWingertOptions,
  type SyntheticWingertPlay,
  type SyntheticWingertSite,
  type SyntheticWingertStrf,
  type SyntheticWingertTruth,
  wehr,
  wingert2026,
  wingert2026Cells,
  type Wingert2026Filters,
  type Wingert2026Options,
  type WingertArea,
  type WingertSubset,
  writeSyntheticAc1,
  writeSyntheticWingert,
} from "./src/sources/mod.ts";

// Operators
export {
  type BandAndNeuronRanges,
  bin,
  type BinOptions,
  crcnsAc1Pipeline,
  type CrcnsAc1PipelineOptions,
  detrend,
  type DetrendOptions,
  gate,
  type GateOptions,
  type GlobalRanges,
  mapResponses,
  mask,
  type MaskOptions,
  normalize,
  type NormalizeMethod,
  type NormalizeOptions,
  type NormalizeRanges,
  parallel,
  type ParallelOptions,
  type ResponseContext,
  type ResponseFunction,
  shuffleBuffer,
  type ShuffleBufferOptions,
  signal,
  type SignalOptions,
  smooth,
  type SmoothOptions,
  spectrogram,
  type SpectrogramOptions,
  type ValueRange,
  wingert2026Pipeline,
  type Wingert2026PipelineOptions,
  WorkerError,
} from "./src/operators/mod.ts";

// Sinks
export {
  type AsyncIterableOptions,
  type Batch,
  type BatchOptions,
  ccmax,
  concatDatasets,
  corrcoef,
  type DatasetItem,
  type FileOptions,
  fve,
  type MetricOptions,
  mseLoss,
  type NdjsonOptions,
  NeuralDataset,
  type NeuralDatasetParts,
  type NeuronQuality,
  noisePower,
  normalizedCorrcoef,
  type NormalizedCorrcoefOptions,
  type Pair,
  poissonLoss,
  type PresentationItem,
  readDataset,
  signalPower,
  type SinkOptions,
  type SinkProgress,
  snr,
  type SplitStimuli,
  splitStimuli,
  type StimulusSplit,
  toAsyncIterable,
  toDataset,
  toNdjson,
  toNpz,
  toSafetensors,
  toZarr,
  WEHR_NEURONS_SPLIT_NATURAL,
  WEHR_VALID_NEURONS,
  type WriteSummary,
} from "./src/sinks/mod.ts";

// What flows
export type {
  CellMeta,
  GateReason,
  GateTally,
  MetaValue,
  Presentation,
  ReadOptions,
  Response,
  ResponseKind,
  Samples,
  Session,
  Signal,
  StimMeta,
  Stimulus,
  Trials,
} from "./src/session.ts";
export type { Tensor } from "./src/tensor.ts";

// What can be wrong
export {
  ArchiveError,
  CredentialError,
  DataError,
  type DataErrorOptions,
  type DataErrorPlace,
  DataNotFoundError,
  DownloadError,
  FormatError,
  LimitError,
  OutputError,
  type OutputErrorOptions,
  RecordingError,
  UnsupportedError,
} from "./src/errors.ts";
