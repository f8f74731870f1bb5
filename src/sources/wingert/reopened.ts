import type { Call, Origin, SessionFinder } from "../../_recipe.ts";
import { RelayedWarnings, warnedBy } from "../_relayed_warnings.ts";
import { SessionCache } from "../_session_cache.ts";
import { openWingertRelease } from "./release.ts";
import {
  type WingertContext,
  WingertSession,
  type WingertSessionParts,
} from "./session.ts";

/** How another thread opens a session of this release. */
export function wingertOrigin(
  path: string,
  maxCacheBytes: number,
  parts: WingertSessionParts,
  { warnings }: WingertContext,
): Origin {
  const source: Call = {
    module: import.meta.url,
    name: "reopenedWingert",
    args: [path, maxCacheBytes],
  };
  return { source, hint: parts, warn: warnedBy(warnings) };
}

/**
 * Opens a release that another thread streams. Neither cell list nor index is
 * read: what a session is made of comes from that thread.
 *
 * @param relay Takes warnings to that thread.
 */
export async function reopenedWingert(
  path: string,
  maxCacheBytes: number,
  relay: (...warning: unknown[]) => void,
): Promise<SessionFinder> {
  const context: WingertContext = {
    release: await openWingertRelease(path),
    warnings: new RelayedWarnings(relay),
    cache: new SessionCache(maxCacheBytes),
  };
  return (parts) => new WingertSession(parts as WingertSessionParts, context);
}
