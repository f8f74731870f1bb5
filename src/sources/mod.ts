/**
 * Sources: archives of recordings as streams of sessions.
 *
 * @module
 */
export {
  asari,
  type AsariOptions,
  crcnsAc1,
  type CrcnsAc1Options,
  wehr,
} from "./crcns_ac1.ts";
export { dataFolder } from "./data_folder.ts";
export { wingert2026, type Wingert2026Options } from "./wingert2026.ts";
export { wingert2026Cells } from "./wingert2026_cells.ts";
export type { Wingert2026Filters, WingertArea } from "./wingert/filters.ts";
export type { WingertSubset } from "./wingert/session.ts";
export type { SourceOptions, SourceWarning } from "./_source_warnings.ts";
export {
  type SyntheticAc1Options,
  type SyntheticAc1Truth,
  type SyntheticCellTruth,
  type SyntheticHalfTruth,
  type SyntheticProgress,
  type SyntheticRecord,
  type SyntheticScale,
  writeSyntheticAc1,
} from "./synthetic_ac1.ts";
export {
  type SyntheticWingertCell,
  type SyntheticWingertOptions,
  type SyntheticWingertPlay,
  type SyntheticWingertSite,
  type SyntheticWingertStrf,
  type SyntheticWingertTruth,
  writeSyntheticWingert,
} from "./synthetic_wingert.ts";
export {
  type CrcnsCredentials,
  download,
  type DownloadableDataset,
  type DownloadedFile,
  type DownloadOptions,
  type DownloadProgress,
  type DownloadState,
} from "./download.ts";
export type {
  SyntheticNonlinearity,
  SyntheticResponse,
} from "./synthetic_ac1.ts";
export { DEFAULT_LIMITS, type Limits } from "./limits.ts";
