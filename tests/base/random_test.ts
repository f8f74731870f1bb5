import { assert, assertEquals } from "../support/assert.ts";
import { sfc32, shuffled } from "../../src/base/random.ts";

interface Case {
  readonly seed: number;
  readonly numbers: number[];
  readonly order: number[];
}

const FIXTURE = new URL(
  "../fixtures/shuffled/shuffled.json",
  import.meta.url,
);
const { cases, long }: {
  cases: Case[];
  long: { seed: number; count: number; weightedSum: number };
} = JSON.parse(await Deno.readTextFile(FIXTURE));

for (const { seed, numbers, order } of cases) {
  Deno.test(`Python's numbers and order: seed ${seed}, ${order.length} values`, () => {
    const random = sfc32(seed);
    assertEquals(numbers.map(() => random()), numbers);
    assertEquals(shuffled([...order.keys()], seed), order);
  });
}

Deno.test("Python's order where numbers must be drawn again", () => {
  const order = shuffled(
    Array.from({ length: long.count }, (_, i) => i),
    long.seed,
  );
  assertEquals(
    order.reduce((sum, value, i) => sum + i * value, 0),
    long.weightedSum,
  );
});

Deno.test("shuffled does not change its input", () => {
  const values = [5, 6, 7, 8, 9];
  shuffled(values, 3);
  assertEquals(values, [5, 6, 7, 8, 9]);
});

Deno.test("shuffled: consecutive seeds give every order about equally often", () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 24_000; seed++) {
    const order = shuffled([0, 1, 2, 3], seed).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assertEquals(counts.size, 24);
  const chiSquare = [...counts.values()].reduce(
    (sum, count) => sum + (count - 1000) ** 2 / 1000,
    0,
  );
  // 99.9 % point of chi square with 23 degrees of freedom.
  assert(chiSquare < 49.73, `chi square ${chiSquare}`);
});
