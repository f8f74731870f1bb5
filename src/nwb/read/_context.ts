import type { Limits } from "../../base/limits.ts";
import type { SessionCache } from "../../sources/shared/session_cache.ts";
import type { SourceWarnings } from "../../sources/shared/warnings.ts";
import type { OpenFiles } from "./_open_files.ts";
import type { CheckedNwbOptions } from "./_checked_options.ts";

/** Parts that the sessions of one subscription share. */
export interface NwbContext {
  readonly options: CheckedNwbOptions;
  readonly limits: Limits;
  readonly warnings: SourceWarnings;
  readonly files: OpenFiles;
  readonly cache: SessionCache<unknown>;
}
