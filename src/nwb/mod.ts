/**
 * Neurodata Without Borders: the files of the DANDI archive.
 *
 * @module
 */

export type { NwbDescription, NwbSubject } from "./description.ts";
export type { NwbOptions, NwbSummary } from "./nwb_options.ts";
export { nwb } from "./read/nwb.ts";
export type { NwbSourceOptions } from "./read/nwb_source_options.ts";
export { toNwb } from "./to_nwb.ts";
export type { FileOptions, WriteSummary } from "../sinks/files/file_options.ts";
export type { SinkOptions, SinkProgress } from "../stream/read_sessions.ts";
