import { assertEquals, assertThrows } from "../../support/assert.ts";
import { assertWithin } from "../../support/close.ts";
import {
  goldenCases,
  goldenRows,
} from "../../support/golden/golden_operators.ts";
import { kernelReferences } from "../../support/golden/kernel_references.ts";
import { plainLeaveOneOutCorrelation } from "../../support/golden/plain.ts";
import {
  noise,
  potential,
  seeded,
  whole,
} from "../../support/sessions/traces.ts";
import { itemAt } from "../../support/item_at.ts";
import { leaveOneOutCorrelation } from "../../../src/kernels/gate/leave_one_out.ts";

for (const { name, input, output } of goldenCases("leaveOneOutCorrelation")) {
  Deno.test(`leaveOneOutCorrelation equals NumPy: ${name}, ${input.shape}`, () => {
    const out = leaveOneOutCorrelation(goldenRows(input));
    assertWithin(out, output.data, 1e-9);
  });
}

Deno.test("leaveOneOutCorrelation equals NumPy for ragged and flat repeats", () => {
  for (const { input, correlations } of kernelReferences().gateReasons) {
    const repeats = input.map((repeat) => Float64Array.from(repeat));
    assertWithin(leaveOneOutCorrelation(repeats), correlations, 1e-9);
  }
});

Deno.test("leaveOneOutCorrelation equals a separate median for each repeat", () => {
  const random = seeded(1);
  for (let round = 0; round < 60; round++) {
    const repeats = Array.from(
      { length: whole(random, 3, round % 10 === 0 ? 60 : 12) },
      () => noise(whole(random, 5, 80), random),
    );
    // Few levels give many equal values at one sample.
    const rounded = repeats.map((x) => x.map((v) => Math.round(2 * v) + v / 8));
    for (const some of [repeats, rounded]) {
      assertWithin(
        leaveOneOutCorrelation(some),
        plainLeaveOneOutCorrelation(some),
        1e-9,
        `round ${round}`,
      );
    }
  }
});

Deno.test("leaveOneOutCorrelation is unaffected by a large offset", () => {
  const repeats = Array.from(
    { length: 5 },
    (_, i) => potential(500, seeded(i)),
  );
  const lifted = repeats.map((x) => x.map((value) => value + 1e5));
  assertWithin(
    leaveOneOutCorrelation(lifted),
    leaveOneOutCorrelation(repeats),
    1e-9,
  );
});

Deno.test("leaveOneOutCorrelation leaves its input unchanged", () => {
  const repeats = [1, 2, 3, 4].map((seed) => noise(30 + seed, seeded(seed)));
  const before = repeats.map((repeat) => repeat.slice());
  leaveOneOutCorrelation(repeats);
  assertEquals(repeats, before);
});

Deno.test("leaveOneOutCorrelation refuses a sample that is not finite", () => {
  const repeats = [1, 2, 3].map((seed) => noise(8, seeded(seed)));
  itemAt(repeats, 2)[5] = NaN;
  assertThrows(
    () => leaveOneOutCorrelation(repeats),
    RangeError,
    "Cannot correlate repeats: sample 5 of repeat 2 is NaN, expected a finite",
  );
});
