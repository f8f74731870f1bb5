/**
 * Sources: archives of recordings as streams of sessions.
 *
 * @module
 */

export {
  type Ac1Data,
  asari,
  type AsariOptions,
  crcnsAc1,
  type CrcnsAc1Options,
  wehr,
} from "./crcns_ac1/crcns_ac1.ts";
export { type DataFile, dataFolder } from "../publishers/data_path.ts";
export { sessionsFrom } from "../own/sessions_from.ts";
export type {
  OwnPresentation,
  OwnSession,
  OwnSpikes,
  OwnStimulus,
  OwnTraces,
} from "../own/own_session.ts";
export {
  wingert2026,
  type Wingert2026Options,
  type WingertFiles,
} from "./wingert2026/wingert2026.ts";
export { wingert2026Cells } from "./wingert2026/wingert2026_cells.ts";
export type { Wingert2026Filters, WingertArea } from "./wingert2026/filters.ts";
export type { WingertSubset } from "./wingert2026/session.ts";
export type { SourceOptions } from "./shared/options.ts";
export type { SourceWarning } from "./shared/warnings.ts";
export type { WarningKind } from "../stream/relayed_warning.ts";
export { DEFAULT_LIMITS, type Limits } from "../base/limits.ts";
