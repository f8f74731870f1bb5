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
import { openSounds, type SoundsOrigin } from "./_sounds.ts";

/** How another thread opens a session of this release. */
export function wingertWorkerSource(
  recordings: string | Blob,
  maxCacheBytes: number,
  parts: WingertSessionParts,
  { release, warnings, indexFolder, sounds }: WingertContext,
): WorkerSource {
  const source: Call = {
    module: import.meta.url,
    name: "reopenedWingert",
    args: [
      recordings,
      maxCacheBytes,
      release.archive.limits,
      indexFolder,
      sounds?.origin,
    ],
  };
  return { source, hint: parts, warn: warnings.relay };
}

/**
 * Opens a release that another thread streams. Neither the cell list nor the
 * index is read: the other thread sends the parts of each session.
 *
 * @param relay Forwards warnings to that thread.
 */
export async function reopenedWingert(
  recordings: string | Blob,
  maxCacheBytes: number,
  limits: Limits,
  indexFolder: string | undefined,
  origin: SoundsOrigin | undefined,
  _shared: undefined,
  relay: Relay,
): Promise<SessionFinder> {
  const release = await openWingertRelease(recordings, { limits });
  const sounds = origin && await openSounds(origin, { limits });
  const cache: WingertContext["cache"] = new SessionCache(maxCacheBytes);
  const warnings = new SourceWarnings(relay);
  return (hint) => {
    const parts = hint as WingertSessionParts;
    cache.expect(storedBytes(release, parts.stored));
    return wingertSession(parts, {
      ...{ release, warnings, cache, indexFolder, sounds },
    });
  };
}
