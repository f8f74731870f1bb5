import type { Call, SessionFinder } from "../../stream/lineage.ts";
import type { Session } from "../../session.ts";
import type { Ac1Context, Ac1Hint } from "./_context.ts";
import { openAc1Release } from "./_release.ts";
import { type AsariFolder, asariFolders } from "./_asari_folders.ts";
import { AsariSession } from "./_asari_session.ts";
import { asariContext } from "./_asari_sessions.ts";
import { SourceWarnings } from "../shared/warnings.ts";
import type { Descriptions } from "./_stimulus_index.ts";
import type { Relay } from "../../stream/relayed_warning.ts";
import type { Limits } from "../../base/limits.ts";
import { SessionCache } from "../shared/session_cache.ts";
import { wehrSessions } from "./_wehr_sessions.ts";

/** Call of {@linkcode reopenedAc1}. */
export function reopeningAc1(
  data: string | readonly Blob[],
  maxCacheBytes: number,
  limits: Limits,
  indexFolder: string | undefined,
): Call {
  return {
    module: import.meta.url,
    name: "reopenedAc1",
    args: [data, maxCacheBytes, limits, indexFolder],
  };
}

/**
 * Opens a release that another thread streams. Only its directory is read: the
 * other thread sends the key of each session.
 *
 * @param descriptions Descriptions of the Wehr half's stimuli, if that thread
 * reads them.
 * @param relay Forwards warnings to that thread.
 */
export async function reopenedAc1(
  data: string | readonly Blob[],
  maxCacheBytes: number,
  limits: Limits,
  indexFolder: string | undefined,
  descriptions: Promise<Descriptions> | undefined,
  relay: Relay,
): Promise<SessionFinder> {
  const warnings = new SourceWarnings(relay);
  const context: Ac1Context = {
    archive: await openAc1Release(data, warnings, { limits }),
    warnings,
    cache: new SessionCache<unknown>(maxCacheBytes, { keepFromPass: 2 }),
    source: reopeningAc1(data, maxCacheBytes, limits, indexFolder),
    indexFolder,
  };
  let wehr: ReadonlyMap<string, Session> | undefined;
  let asari: ((hint: AsariHint) => Session) | undefined;
  return (sought) => {
    const hint = sought as Ac1Hint;
    return hint.half === "wehr"
      ? (wehr ??= wehrById(context, descriptions)).get(hint.id) as Session
      : (asari ??= asariFinder(context))(hint);
  };
}

type AsariHint = Extract<Ac1Hint, { half: "asari" }>;

function wehrById(
  context: Ac1Context,
  descriptions: Promise<Descriptions> | undefined,
): ReadonlyMap<string, Session> {
  const sessions = wehrSessions(context, { descriptions });
  return new Map(sessions.map((session) => [session.id, session]));
}

function asariFinder(context: Ac1Context): (hint: AsariHint) => Session {
  const folders = new Map(
    asariFolders(context.archive).map((folder) => [folder.path, folder]),
  );
  const shared = asariContext(context);
  return ({ path, origin }) =>
    new AsariSession(folders.get(path) as AsariFolder, origin, shared);
}
