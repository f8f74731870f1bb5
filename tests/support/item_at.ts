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
