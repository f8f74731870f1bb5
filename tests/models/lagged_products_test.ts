import { LaggedProducts } from "../../src/models/_lagged_products.ts";
import { assertWithin } from "../support/close.ts";
import { itemAt } from "../support/item_at.ts";
import { noise, seeded, whole } from "../support/sessions/traces.ts";

function plain(
  left: readonly Float64Array[],
  right: readonly Float64Array[],
  lags: number,
): number[] {
  return left.flatMap((a) =>
    right.flatMap((b) =>
      Array.from({ length: lags }, (_, lag) => {
        let sum = 0;
        for (let t = lag; t < a.length; t++) {
          sum += itemAt(a, t) * itemAt(b, t - lag);
        }
        return sum;
      })
    )
  );
}

Deno.test("LaggedProducts: the sums of plain loops, for any lengths", () => {
  const random = seeded(1);
  for (let round = 0; round < 60; round++) {
    const lags = whole(random, 1, 70);
    const [left, right] = [whole(random, 1, 5), whole(random, 1, 5)];
    const products = new LaggedProducts(left, right, lags);
    const expected = new Float64Array(left * right * lags);
    for (let signal = whole(random, 1, 5); signal > 0; signal--) {
      const bins = whole(random, 0, 400);
      const rows = (count: number): Float64Array[] =>
        Array.from({ length: count }, () => noise(bins, random));
      const [a, b] = [rows(left), rows(right)];
      products.add(a, b);
      for (const [i, sum] of plain(a, b, lags).entries()) {
        expected[i] = itemAt(expected, i) + sum;
      }
    }
    // Rounding of sums of up to 2000 products of order one.
    assertWithin(products.sums(), expected, 1e-10, `round ${round}`);
  }
});
