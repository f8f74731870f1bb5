/**
 * Sinks: datasets, files and iterators in which a stream ends.
 *
 * @module
 */

export {
  type AsyncIterableOptions,
  type PresentationItem,
  toAsyncIterable,
} from "./to_async_iterable.ts";
export { eachSession } from "./each_session.ts";
export { readDataset, type ReadDatasetOptions } from "./read_dataset.ts";
export { toDataset } from "./to_dataset.ts";
export { type NdjsonOptions, toNdjson } from "./to_ndjson.ts";
export { toNpz } from "./to_npz.ts";
export { toSafetensors } from "./to_safetensors.ts";
export { toZarr } from "./to_zarr.ts";
export type { NdjsonArrays } from "./files/ndjson_format.ts";
export type { FileOptions, WriteSummary } from "./files/file_options.ts";
export type { SinkOptions, SinkProgress } from "../stream/read_sessions.ts";
