import { checkCount, checkOptions } from "./check.ts";

/**
 * One of `count` shares of a list: items `index`, `index + count`, ... All shares
 * together are the list, no two have an item in common, and their lengths differ
 * by one at most.
 */
export interface Shard {
  /** Number of this share, from 0 to `count - 1`. */
  readonly index: number;
  /** Number of shares, at least 1. */
  readonly count: number;
}

/** The only share of a list. */
export const WHOLE: Shard = { index: 0, count: 1 };

/**
 * Refuses a shard that is none.
 *
 * @param act Completes "Cannot ...".
 * @throws {TypeError} If it is no object, or a field is no number.
 * @throws {RangeError} If a field is outside its range or does not exist.
 */
export function checkShard(act: string, shard: Shard): void {
  if (typeof shard !== "object" || shard === null) {
    throw new TypeError(
      `Cannot ${act}: shard is ${String(shard)}, expected { index, count }`,
    );
  }
  checkOptions<Shard>(act, shard, ["index", "count"]);
  checkCount(act, "shard.count", shard.count, 1);
  checkCount(act, "shard.index", shard.index, 0, shard.count - 1);
}

/** Whether the item at a position of the list belongs to a shard. */
export function isInShard(position: number, { index, count }: Shard): boolean {
  return position % count === index;
}

/** Position in the list of the `own`-th item of a shard, from 0. */
export function positionInList(own: number, { index, count }: Shard): number {
  return index + own * count;
}

/** Items of a shard, in the order of the list. */
export function shardOf<Item>(items: readonly Item[], shard: Shard): Item[] {
  return items.filter((_, position) => isInShard(position, shard));
}
