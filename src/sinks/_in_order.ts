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
      pending.push(read(item));
      if (pending.length === concurrency) await visitNext();
    }
    while (pending.length > 0) await visitNext();
  } finally {
    // The first failure is the one thrown; those behind it have nobody waiting.
    await Promise.allSettled(pending);
  }
}
