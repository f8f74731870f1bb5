import type { MonoTypeOperatorFunction } from "rxjs";
import { keepSessions } from "../../operators/keep_sessions.ts";
import { shard } from "../../operators/shard.ts";
import type { Session } from "../../session.ts";
import type { ShareFlags } from "../shared/share.ts";

/**
 * The share of a stream that flags choose; all of it without them.
 *
 * @throws {RangeError} If both flags are given.
 */
export function shareOf(
  { shard: share, session }: ShareFlags,
): MonoTypeOperatorFunction<Session> {
  if (share !== undefined && session !== undefined) {
    throw new RangeError(
      "Cannot take a shard: --shard and --session are given, expected one",
    );
  }
  if (share !== undefined) return shard(share);
  if (session !== undefined) return keepSessions(session);
  return (sessions) => sessions;
}
