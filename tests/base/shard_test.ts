import {
  checkShard,
  isInShard,
  positionInList,
  type Shard,
  shardOf,
  WHOLE,
} from "../../src/base/shard.ts";
import { assertEquals, assertThrows } from "../support/assert.ts";
import fc from "fast-check";

Deno.test("shards: their items are the list, each once, in its order", () =>
  fc.assert(
    fc.property(
      fc.array(fc.integer()),
      fc.integer({ min: 1, max: 20 }),
      (list, count) => {
        const items = list.map((value, position) => ({ value, position }));
        const lengths: number[] = [];
        const seen = new Set<number>();
        for (let index = 0; index < count; index++) {
          const own = shardOf(items, { index, count });
          lengths.push(own.length);
          for (const [i, { position }] of own.entries()) {
            seen.add(position);
            assertEquals(positionInList(i, { index, count }), position);
            assertEquals(isInShard(position, { index, count }), true);
          }
        }
        assertEquals(seen.size, list.length);
        assertEquals(lengths.reduce((a, b) => a + b), list.length);
        assertEquals(Math.max(...lengths) - Math.min(...lengths) <= 1, true);
        assertEquals(shardOf(items, WHOLE), items);
      },
    ),
    { seed: 4 },
  ));

Deno.test("checkShard: refuses what is no shard", () => {
  checkShard("split", { index: 2, count: 3 });
  const refused: [unknown, typeof RangeError, string][] = [
    [null, TypeError, "shard is null, expected { index, count }"],
    [3, TypeError, "shard is 3, expected { index, count }"],
    [{ index: 0 }, TypeError, "shard.count is undefined, expected a number"],
    [{ index: 0, count: 0 }, RangeError, "shard.count is 0, expected 1 to "],
    [
      { index: -1, count: 2 },
      RangeError,
      "shard.index is -1, expected 0 to 1",
    ],
    [
      { index: 0.5, count: 2 },
      RangeError,
      "shard.index is 0.5, expected a whole number",
    ],
    [
      { index: 0, count: 2, of: 3 },
      RangeError,
      "there is no option of, expected index, count",
    ],
  ];
  for (const [shard, type, message] of refused) {
    assertThrows(
      () => checkShard("split", shard as Shard),
      type,
      `Cannot split: ${message}`,
    );
  }
});
