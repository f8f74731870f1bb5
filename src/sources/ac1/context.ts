import type { Call } from "../../_recipe.ts";
import type { Archive } from "../archive/archive.ts";
import type { SessionCache } from "../_session_cache.ts";
import type { SourceWarnings } from "../_source_warnings.ts";

/** What all sessions of one subscription share. */
export interface Ac1Context {
  readonly archive: Archive;
  readonly warnings: SourceWarnings;
  readonly cache: SessionCache<unknown>;
  /** How another thread opens the release. */
  readonly source: Call;
}
