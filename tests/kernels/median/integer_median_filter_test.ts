import { assertEquals, assertThrows } from "../../support/assert.ts";
import { plainMedianFilter } from "../../support/golden/plain.ts";
import { seeded, whole } from "../../support/sessions/traces.ts";
import { itemAt } from "../../support/item_at.ts";
import { integerMedianFilter } from "../../../src/kernels/median/integer_median_filter.ts";

const random = seeded(31);

/** Traces whose median moves little, far, or between the extremes. */
function steps(kind: number, length: number): Int16Array {
  const levels = [[0, 3], [-300, 300], [-32768, 32767], [-2000, 2000]] as const;
  const [low, high] = itemAt(levels, kind);
  return Int16Array.from(
    { length },
    () =>
      kind === 2 && random() < 0.9
        ? (random() < 0.5 ? low : high)
        : whole(random, low, high),
  );
}

Deno.test("integerMedianFilter equals sorting every window, exactly", () => {
  for (let round = 0; round < 400; round++) {
    const length = whole(random, 1, 80);
    const size = whole(random, 1, round % 10 === 0 ? 400 : 40);
    const x = steps(round % 4, length);
    const before = x.slice();
    assertEquals(
      integerMedianFilter(x, size),
      plainMedianFilter(new Float64Array(x), size),
      `round ${round}: ${length} samples, window ${size}`,
    );
    assertEquals(x, before);
  }
});

Deno.test("integerMedianFilter: long traces with usual windows", () => {
  for (const kind of [1, 2, 3]) {
    const x = steps(kind, 1500);
    assertEquals(
      integerMedianFilter(x, 400),
      plainMedianFilter(new Float64Array(x), 400),
    );
  }
});

Deno.test("integerMedianFilter multiplies medians by a scale, for every window", () => {
  const x = steps(1, 300);
  for (const size of [1, 2, 41]) {
    const scaled = integerMedianFilter(x, size, new Float64Array(300), 0.013);
    const medians = plainMedianFilter(new Float64Array(x), size);
    assertEquals(scaled, medians.map((median) => median * 0.013));
  }
});

Deno.test("integerMedianFilter of an empty trace is empty", () => {
  assertEquals(integerMedianFilter(new Int16Array(0), 5).length, 0);
});

Deno.test("integerMedianFilter refuses an invalid window", () => {
  assertThrows(
    () => integerMedianFilter(Int16Array.of(1), 0),
    RangeError,
    "Cannot filter by the median: size is 0, expected 1 to",
  );
});
