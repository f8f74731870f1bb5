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

export * from "./src/sources/mod.ts";
export * from "./src/operators/mod.ts";
export * from "./src/dataset/mod.ts";
export * from "./src/metrics/mod.ts";
export * from "./src/sinks/mod.ts";
export * from "./src/download/mod.ts";

// Data that flow through a chain
export type {
  CellMeta,
  CellResponse,
  GateReason,
  GateTally,
  MetaValue,
  Presentation,
  ReadOptions,
  ResponseKind,
  Samples,
  Session,
  StimMeta,
  Stimulus,
  Trials,
  Waveform,
} from "./src/session.ts";
export type { Tensor } from "./src/tensor.ts";

// Errors
export {
  ArchiveError,
  CredentialError,
  DataError,
  type DataErrorOptions,
  type DataErrorPlace,
  DataNotFoundError,
  DownloadError,
  FitError,
  FormatError,
  LimitError,
  OutputError,
  type OutputErrorOptions,
  RecordingError,
  UnsupportedError,
} from "./src/errors.ts";
