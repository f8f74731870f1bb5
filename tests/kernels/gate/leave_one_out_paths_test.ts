import { assert, assertEquals } from "../../support/assert.ts";
import { noise, seeded, whole } from "../../support/sessions/traces.ts";
import { medianExchanges } from "../../../src/kernels/gate/_leave_one_out_simd.ts";
import { plainLeaveOneOutSums } from "../../../src/kernels/gate/_leave_one_out_plain.ts";
import { itemAt } from "../../support/item_at.ts";
import { simdLeaveOneOutSums } from "../../../src/kernels/gate/_leave_one_out_simd.ts";

Deno.test("leaveOneOutSums: both paths are equal, bit by bit", () => {
  const random = seeded(1);
  for (let round = 0; round < 150; round++) {
    const length = whole(random, 1, round % 15 === 0 ? 5000 : 60);
    const count = whole(random, 3, round % 10 === 0 ? 40 : 9);
    const repeats = Array.from({ length: count }, () => {
      const x = noise(length + whole(random, 0, 3), random);
      if (round % 3 === 1) return x.map((value) => Math.round(2 * value));
      return round % 3 === 2 && random() < 0.4 ? x.fill(-61.3) : x;
    });
    const simd = simdLeaveOneOutSums(repeats, length);
    assert(simd !== undefined, "this machine has no WebAssembly SIMD");
    assertEquals(
      simd.map((value) => value + 0),
      plainLeaveOneOutSums(repeats, length).map((value) => value + 0),
      `round ${round}: ${count} repeats of ${length}`,
    );
  }
});

Deno.test("leaveOneOutSums: TypeScript takes over when the module's memory is too small", () => {
  const repeats = Array.from({ length: 1000 }, () => Float64Array.of(1, 2));
  assertEquals(simdLeaveOneOutSums(repeats, 2), undefined);
});

Deno.test("medianExchanges sorts the middle of a list", () => {
  const random = seeded(2);
  for (let count = 2; count <= 70; count++) {
    const exchanges = medianExchanges(count);
    // A network that sorts all lists of zeros and ones sorts every list; lists
    // with the step in the middle are the hard ones.
    for (let round = 0; round < 60; round++) {
      const share = 0.3 + 0.4 * random();
      const list = Array.from({ length: count }, () => +(random() < share));
      const sorted = list.toSorted((a, b) => a - b);
      for (let k = 0; k < exchanges.length; k += 2) {
        const [a, b] = [itemAt(exchanges, k), itemAt(exchanges, k + 1)];
        const [one, other] = [itemAt(list, a), itemAt(list, b)];
        if (one > other) [list[a], list[b]] = [other, one];
      }
      const low = (count - 2) >> 1;
      const high = ((count - 1) >> 1) + 2;
      assertEquals(
        list.slice(low, high),
        sorted.slice(low, high),
        `${count} values`,
      );
    }
  }
});
