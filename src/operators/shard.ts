import type { MonoTypeOperatorFunction } from "rxjs";
import { checkShard, isInShard, type Shard } from "../base/shard.ts";
import type { Session } from "../session.ts";
import { listedShare } from "../stream/listed_session.ts";

/**
 * Emits one of `count` shares of a stream's sessions: session `index`,
 * `index + count`, ...
 *
 * - In: sessions at any stage of a chain. Out: those of the share, unchanged, in
 *   the order of the stream. The shares of all indices together are the stream, no
 *   two have a session in common, and their sizes differ by one at most.
 * - Several programs, each with its index, divide a data set among them without a
 *   word to each other: tasks of a job array, ranks of a training job. A shard of a
 *   shard is a share of that share.
 * - Nothing is read. Handles wait until the last one has arrived, so that
 *   `toShards` of `rxephys/shards` knows the place of each among all.
 * - Put it last, behind a `normalize()` without ranges: these are found in all
 *   sessions, and every program finds the same.
 *
 * @example The first of four shares, which four machines can read at once
 * ```ts
 * import { crcnsAc1Pipeline, shard, toNpz, wehr } from "rxephys";
 * import { lastValueFrom } from "rxjs";
 *
 * const write = (index: number) =>
 *   lastValueFrom(
 *     wehr("data").pipe(
 *       crcnsAc1Pipeline(),
 *       shard({ index, count: 4 }),
 *       toNpz(`part-${index}.npz`),
 *     ),
 *   );
 * ```
 *
 * @param share Number of the share, and number of shares.
 * @throws {TypeError} When called, if a field is no number.
 * @throws {RangeError} When called, if `index` or `count` is outside its range, or
 * another field is given.
 */
export function shard(share: Shard): MonoTypeOperatorFunction<Session> {
  checkShard("take a shard", share);
  const own = { index: share.index, count: share.count };
  return listedShare(() => (_, position) => isInShard(position, own));
}
