import { checkCount, checkOptions } from "../base/check.ts";
import { shuffled } from "../base/random.ts";
import { checkShard, type Shard, shardOf, WHOLE } from "../base/shard.ts";
import {
  type Batch,
  type BatchBounds,
  type BatchSource,
  collate,
} from "./collate.ts";

const ACT = "make batches";

/**
 * Makes batches of a dataset one by one, on demand.
 *
 * @param source Dataset.
 * @param stims Visible stimuli, in the order of the dataset.
 * @param neurons Visible cells.
 * @throws {RangeError} When called, if an option is outside its range.
 * @throws {TypeError} When called, if an option has the wrong type.
 */
export function batches(
  source: BatchSource,
  stims: readonly number[],
  neurons: readonly number[],
  options: BatchOptions,
): AsyncGenerator<Batch, void, void> {
  checkOptions(ACT, options, [
    ...["size", "order", "shuffle", "seed", "shard", "startAt"] as const,
    ...["last", "maxRepeats", "maxBytes"] as const,
  ]);
  const { size = 1, startAt = 0, last = "keep", shard = WHOLE } = options;
  const { maxRepeats = Infinity, maxBytes = 2 ** 31 } = options;
  checkCount(ACT, "size", size, 1);
  checkOneOf("last", last, ["keep", "drop"]);
  checkShard(ACT, shard);
  const order = shardOf(orderOf(stims, options), shard);
  const whole = order.length / size;
  const count = last === "keep" ? Math.ceil(whole) : Math.floor(whole);
  checkCount(ACT, "startAt", startAt, 0, count);
  if (maxRepeats !== Infinity) checkCount(ACT, "maxRepeats", maxRepeats, 1);
  checkCount(ACT, "maxBytes", maxBytes, 1);
  const own = order.slice(0, count * size);
  const most = { maxRepeats, maxBytes };
  return collated(source, own, neurons, size, startAt, most);
}

/** All visible stimuli, or those of a given order. */
function orderOf(
  stims: readonly number[],
  { order, shuffle = false, seed = 0 }: BatchOptions,
): readonly number[] {
  checkCount(ACT, "seed", seed, 0);
  checkOneOf("shuffle", shuffle, [true, false]);
  if (order === undefined) return shuffle ? shuffled(stims, seed) : stims;
  if (shuffle) {
    throw new RangeError(
      `Cannot ${ACT}: order and shuffle are given, expected one of them`,
    );
  }
  if (!Array.isArray(order)) {
    throw new TypeError(
      `Cannot ${ACT}: order is ${String(order)}, expected a list of indices`,
    );
  }
  const visible = new Set(stims);
  const odd = order.find((index) => !visible.has(index));
  if (odd === undefined) return order;
  throw new RangeError(
    `Cannot ${ACT}: order has ${odd}, expected indices of visible stimuli`,
  );
}

async function* collated(
  source: BatchSource,
  order: readonly number[],
  neurons: readonly number[],
  size: number,
  startAt: number,
  bounds: BatchBounds,
): AsyncGenerator<Batch, void, void> {
  for (let at = startAt * size; at < order.length; at += size) {
    yield collate(source, order.slice(at, at + size), neurons, bounds);
  }
}

function checkOneOf(
  name: string,
  value: unknown,
  allowed: readonly unknown[],
): void {
  if (allowed.includes(value)) return;
  throw new TypeError(
    `Cannot ${ACT}: ${name} is ${String(value)}, expected ${
      allowed.join(" or ")
    }`,
  );
}

/** Options of `NeuralDataset.batches`. */
export interface BatchOptions {
  /**
   * Number of stimuli in a batch, at least 1.
   *
   * @default {1}
   */
  readonly size?: number;
  /**
   * Indices in the dataset of the stimuli to visit, in this order; each must be
   * visible, and may come several times. Not together with `shuffle`.
   *
   * @default all visible stimuli
   */
  readonly order?: readonly number[];
  /**
   * Whether to shuffle the stimuli; otherwise they keep the dataset's order.
   *
   * @default {false}
   */
  readonly shuffle?: boolean;
  /**
   * Seed of the random order, a whole number from 0 to 2^53 - 1. Use
   * `seed + epoch` for another order in every epoch.
   *
   * @default {0}
   */
  readonly seed?: number;
  /**
   * Share of the order to visit: every `count`-th stimulus, from the `index`-th
   * on. Batches and `startAt` count within it.
   *
   * @default {{ index: 0, count: 1 }}
   */
  readonly shard?: Shard;
  /**
   * Number of batches to skip, at most the number of batches.
   *
   * @default {0}
   */
  readonly startAt?: number;
  /**
   * Whether to keep or drop a last batch with fewer than `size` stimuli.
   *
   * @default {"keep"}
   */
  readonly last?: "keep" | "drop";
  /**
   * Number of repeats of a response that a batch takes, the first ones, at least
   * 1. One cell with many repeats pads all cells of its batch to as many.
   *
   * @default {Infinity}
   */
  readonly maxRepeats?: number;
  /**
   * Bytes that a batch may take, at least 1; a larger one is a `LimitError`
   * before it takes any memory.
   *
   * @default {2_147_483_648}
   */
  readonly maxBytes?: number;
}
