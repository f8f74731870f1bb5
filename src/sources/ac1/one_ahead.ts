/**
 * Reads items in their order, each while the one before it is worked on: one is
 * under way at most. Whoever leaves waits for that one; an abort ends it.
 *
 * @param read Rejects when it is aborted.
 */
export async function* oneAhead<Item, Value>(
  items: readonly Item[],
  read: (item: Item) => Promise<Value>,
): AsyncGenerator<readonly [Item, Value]> {
  let next = items.length > 0 ? read(items[0]) : undefined;
  try {
    for (const [i, item] of items.entries()) {
      const value = await next;
      next = i + 1 < items.length ? read(items[i + 1]) : undefined;
      // Told when its turn comes; the reader may leave or fail before.
      next?.catch(() => {});
      yield [item, value as Value];
    }
  } finally {
    await Promise.allSettled([next]);
  }
}
