import { checkCount } from "../../_check.ts";
import { shuffled } from "../../_shuffled.ts";
import type { Batch, BatchOptions } from "./batch.ts";
import { type BatchSource, collate } from "./_collate.ts";

const ACT = "make batches";

/**
 * Batches of a dataset, each made when it is asked for.
 *
 * @param source The dataset.
 * @param stims Visible stimuli, in the order of the dataset.
 * @param neurons Visible cells.
 * @throws {RangeError} When called, if an option is outside its range.
 * @throws {TypeError} When called, if an option is of another type.
 */
export function batches(
  source: BatchSource,
  stims: readonly number[],
  neurons: readonly number[],
  options: BatchOptions,
): AsyncGenerator<Batch, void, void> {
  const { size = 1, shuffle = false, seed = 0, startAt = 0, last = "keep" } =
    options;
  checkCount(ACT, "size", size, 1);
  checkCount(ACT, "seed", seed, 0);
  checkOneOf("shuffle", shuffle, [true, false]);
  checkOneOf("last", last, ["keep", "drop"]);
  const whole = stims.length / size;
  const count = last === "keep" ? Math.ceil(whole) : Math.floor(whole);
  checkCount(ACT, "startAt", startAt, 0, count);
  const order = shuffle ? shuffled(stims, seed) : stims;
  return collated(source, order.slice(0, count * size), neurons, size, startAt);
}

async function* collated(
  source: BatchSource,
  order: readonly number[],
  neurons: readonly number[],
  size: number,
  startAt: number,
): AsyncGenerator<Batch, void, void> {
  for (let at = startAt * size; at < order.length; at += size) {
    yield collate(source, order.slice(at, at + size), neurons);
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
