import type {
  Call,
  SessionFinder,
  WorkerSource,
} from "../../stream/lineage.ts";
import type { Relay } from "../../stream/relayed_warning.ts";
import type { Limits } from "../../base/limits.ts";
import { SourceWarnings } from "../shared/warnings.ts";
import { SessionCache } from "../shared/session_cache.ts";
import { openWingertRelease } from "./_release.ts";
import {
  type WingertContext,
  wingertSession,
  type WingertSessionParts,
} from "./session.ts";
import { storedBytes } from "./_recording.ts";

/** How another thread opens a session of this release. */
export function wingertOrigin(
  path: string,
  maxCacheBytes: number,
  parts: WingertSessionParts,
  { release, warnings }: WingertContext,
): WorkerSource {
  const source: Call = {
    module: import.meta.url,
    name: "reopenedWingert",
    args: [path, maxCacheBytes, release.archive.limits],
  };
  return { source, hint: parts, warn: warnings.relay };
}

/**
 * Opens a release that another thread streams. Neither cell list nor index is
 * read: what a session is made of comes from that thread.
 *
 * @param relay Forwards warnings to that thread.
 */
export async function reopenedWingert(
  path: string,
  maxCacheBytes: number,
  limits: Limits,
  relay: Relay,
): Promise<SessionFinder> {
  const release = await openWingertRelease(path, { limits });
  const cache: WingertContext["cache"] = new SessionCache(maxCacheBytes);
  const warnings = new SourceWarnings(relay);
  return (hint) => {
    const parts = hint as WingertSessionParts;
    cache.expect(storedBytes(release, parts.unit));
    return wingertSession(parts, { release, warnings, cache });
  };
}
