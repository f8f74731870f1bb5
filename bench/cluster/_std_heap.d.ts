export class BinaryHeap<Item> {
  constructor(compare: (a: Item, b: Item) => number);
  push(...items: Item[]): number;
  pop(): Item | undefined;
}
