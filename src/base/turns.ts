import { type ReadOptions, unlessAborted } from "./abort.ts";

/**
 * Reads items in order, each while the caller works on the one before it. At most
 * one read is pending. Leaving the loop waits for it; an abort ends it.
 *
 * @param read Reads an item; rejects when it is aborted.
 */
export async function* oneAhead<Item, Value>(
  items: readonly Item[],
  read: (item: Item) => Promise<Value>,
): AsyncGenerator<readonly [Item, Value]> {
  const start = (index: number): Promise<Value> | undefined =>
    index < items.length ? read(items[index] as Item) : undefined;
  let next = start(0);
  try {
    for (const [i, item] of items.entries()) {
      const value = await next;
      next = start(i + 1);
      // A failure counts when its turn comes; the reader may leave before.
      next?.catch(() => {});
      yield [item, value as Value];
    }
  } finally {
    await Promise.allSettled([next]);
  }
}

/**
 * Starts `read` on at most `concurrency` items at a time and visits the results
 * in the order of the items.
 */
export async function inOrder<Item, Result>(
  items: Iterable<Item>,
  concurrency: number,
  read: (item: Item) => Promise<Result>,
  visit: (result: Result) => void | Promise<void>,
): Promise<void> {
  const pending: Promise<Result>[] = [];
  const visitNext = async (): Promise<void> => {
    await visit(await (pending.shift() as Promise<Result>));
  };
  try {
    for (const item of items) {
      const result = read(item);
      // A failure counts when its turn comes, after those before it.
      result.catch(() => {});
      pending.push(result);
      if (pending.length === concurrency) await visitNext();
    }
    while (pending.length > 0) await visitNext();
  } finally {
    // The first failure is thrown; reads behind it end before the caller goes on.
    await Promise.allSettled(pending);
  }
}

/** Runs tasks one after the other, in the order of the calls. */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;

  /**
   * Runs a task once those before it have ended, in success or failure: at once
   * if there is none.
   *
   * @throws The signal's reason, as soon as it aborts while the task waits.
   */
  async run<Value>(
    task: () => Promise<Value>,
    { signal }: ReadOptions = {},
  ): Promise<Value> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    // A task that leaves the queue must not let later ones overtake earlier ones.
    this.#last = before.then(() => promise);
    this.#count++;
    try {
      signal?.throwIfAborted();
      if (this.#count > 1) await unlessAborted(before, signal);
      return await task();
    } finally {
      this.#count--;
      resolve();
    }
  }
}
