import {
  median,
  pairedRatio,
  spreadOf,
  spreadText,
} from "../../bench/_statistics.ts";
import { assertEquals, assertThrows } from "../support/assert.ts";

Deno.test("median: the middle, or the mean of the two in the middle", () => {
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([4, 1, 2, 3]), 2.5);
  assertEquals(median([7]), 7);
  assertEquals(median([]), NaN);
});

Deno.test("spreadOf: leaves the numbers in their order", () => {
  const values = [9, 1, 5];
  assertEquals(spreadOf(values), { median: 5, min: 1, max: 9 });
  assertEquals(values, [9, 1, 5]);
});

Deno.test("pairedRatio: a slow pair of runs does not change the ratio", () => {
  const ratio = pairedRatio([2, 20, 2.2], [1, 10, 1]);
  assertEquals(ratio, { median: 2, min: 2, max: 2.2 });
  assertEquals(spreadText(ratio), "2.00 (2.00 - 2.20)");
});

Deno.test("pairedRatio: refuses runs without a partner", () => {
  assertThrows(
    () => pairedRatio([1, 2], [1]),
    RangeError,
    "Cannot pair runs: counts are 2 and 1, expected the same",
  );
});
