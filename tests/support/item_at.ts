/** Item at an index or under a key; throws if there is none. */
export function itemAt<Item>(items: ArrayLike<Item>, index: number): Item;
export function itemAt<Item>(
  items: Readonly<Record<string, Item>>,
  key: PropertyKey | undefined,
): Item;
export function itemAt(
  items: object,
  place: PropertyKey | undefined,
): unknown {
  const item = (items as Readonly<Record<PropertyKey, unknown>>)[
    place as PropertyKey
  ];
  if (item !== undefined) return item;
  throw new RangeError(`Cannot take an item: nothing is at ${String(place)}`);
}

/** First items of an array, as many as the count says; throws if it has fewer. */
export function firstOf<Count extends number, Item>(
  count: Count,
  items: readonly Item[],
): Items<Item, Count> {
  if (items.length >= count) return items.slice(0, count) as Items<Item, Count>;
  throw new RangeError(
    `Cannot take ${count} items: the array has ${items.length}`,
  );
}

/** Tuple of a number of items. */
type Items<Item, Count extends number, Taken extends Item[] = []> =
  Taken["length"] extends Count ? Taken : Items<Item, Count, [...Taken, Item]>;
