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
