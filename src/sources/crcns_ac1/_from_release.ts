import { defer, finalize, from, map, mergeMap, type Observable } from "rxjs";
import { type SourceIdentity, withLineage } from "../../stream/lineage.ts";
import type { ReadOptions, Session } from "../../session.ts";
import { type Ac1Context, warnOfMixedSignals } from "./_context.ts";
import { openAc1Release } from "./_release.ts";
import { reopeningAc1 } from "./_worker_source.ts";
import type { CheckedSourceOptions } from "../shared/options.ts";
import { SessionCache } from "../shared/session_cache.ts";
import { countedOnce, SourceWarnings } from "../shared/warnings.ts";

/**
 * Opens the release anew for each subscription and streams sessions of it.
 *
 * @param identity Source and options that determine what the sessions hold.
 * @param dataOf Looks up the release.
 * @param sessions Streams sessions of the opened release.
 */
export function fromRelease(
  identity: Omit<SourceIdentity, "archives">,
  dataOf: () => string | readonly Blob[],
  { maxCacheBytes, limits, onWarning, indexFolder }: CheckedSourceOptions,
  sessions: (context: Ac1Context, reading: ReadOptions) => Observable<Session>,
): Observable<Session> {
  return defer(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const data = dataOf();
    const warnings = new SourceWarnings(countedOnce(onWarning));
    return from(openAc1Release(data, warnings, { signal, limits })).pipe(
      mergeMap((archive) => {
        const cache = new SessionCache<unknown>(maxCacheBytes, {
          keepFromPass: 2,
        });
        const source = reopeningAc1(data, maxCacheBytes, limits, indexFolder);
        const context = { archive, warnings, cache, source, indexFolder };
        return sessions(context, { signal }).pipe(
          warnOfMixedSignals(archive.name, warnings),
          map((session) =>
            withLineage(session, {
              identity: { ...identity, archives: () => archive.stamp },
            })
          ),
        );
      }),
      finalize(() => controller.abort()),
    );
  });
}
