import type { MonoTypeOperatorFunction } from "rxjs";
import { nearestName } from "../base/nearest.ts";
import type { Session } from "../session.ts";
import { listedShare, type Listing } from "../stream/listed_session.ts";

/**
 * Emits the sessions of some ids.
 *
 * - In: sessions at any stage of a chain. Out: those with one of the ids, unchanged,
 *   in the order of the stream.
 * - Nothing is read. Handles wait until the last one has arrived, so that
 *   `toShards` of `rxephys/shards` knows the place of each among all.
 * - Put it last, behind a `normalize()` without ranges: these are found in all
 *   sessions. RxJS's `filter` before it chooses the sessions that count.
 *
 * @example One session as the whole data set normalizes it
 * ```ts
 * import { keepSessions, toDataset, wingert2026, wingert2026Pipeline } from "rxephys";
 * import { lastValueFrom } from "rxjs";
 *
 * const load = () =>
 *   lastValueFrom(
 *     wingert2026("data").pipe(
 *       wingert2026Pipeline(),
 *       keepSessions(["CLT027c"]),
 *       toDataset(),
 *     ),
 *   );
 * ```
 *
 * @param ids Ids of the sessions, one at least.
 * @throws {TypeError} When called, if `ids` is no list of text.
 * @throws {RangeError} When called, if `ids` is empty; in the stream, if no session
 * has one of them.
 */
export function keepSessions(
  ids: readonly string[],
): MonoTypeOperatorFunction<Session> {
  checkIds(ids);
  const kept = new Set(ids);
  return listedShare((listing) => {
    checkPresent(kept, listing);
    return ({ id }) => kept.has(id);
  });
}

function checkIds(ids: unknown): void {
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === "string")) {
    throw new TypeError(
      `Cannot keep sessions: ids is ${String(ids)}, expected a list of ids`,
    );
  }
  if (ids.length > 0) return;
  throw new RangeError(
    "Cannot keep sessions: ids is empty, expected one id at least",
  );
}

function checkPresent(kept: ReadonlySet<string>, listing: Listing): void {
  const present = new Set(listing);
  const absent = [...kept].find((id) => !present.has(id));
  if (absent === undefined) return;
  const nearest = nearestName(absent, present);
  throw new RangeError(
    `Cannot keep sessions: ids has "${absent}", expected one of the ` +
      `${present.size} sessions of the stream` +
      (nearest === undefined ? "" : `, such as ${nearest}`),
  );
}
