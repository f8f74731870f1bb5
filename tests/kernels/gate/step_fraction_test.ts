import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { goldenCases } from "../../support/golden/golden_operators.ts";
import type { GoldenArray } from "../../support/golden/golden_operators.ts";
import { kernelReferences } from "../../support/golden/kernel_references.ts";
import { plainMedian, plainMedianFilter } from "../../support/golden/plain.ts";
import { noise, seeded, whole } from "../../support/sessions/traces.ts";
import { itemAt } from "../../support/item_at.ts";
import { stepFraction } from "../../../src/kernels/gate/step_fraction.ts";

const golden = goldenCases<GoldenArray, number>("stepFraction");
for (const { name, params, input, output } of golden) {
  Deno.test(`stepFraction equals SciPy exactly: ${name}, ${input.shape}`, () => {
    const { sampleRateHz, stepMv, minMs } = params;
    const x = Float64Array.from(input.data);
    assertEquals(stepFraction(x, sampleRateHz, stepMv, minMs), output);
  });
}

Deno.test("stepFraction equals SciPy for traces about as long as the window", () => {
  for (const reference of kernelReferences().stepFraction) {
    const { input, rateHz, stepMv, smoothMs, output } = reference;
    const x = Float64Array.from(input);
    assertEquals(
      stepFraction(x, rateHz, stepMv, smoothMs),
      output,
      `${x.length} samples at ${rateHz} Hz`,
    );
  }
});

Deno.test("stepFraction equals the plain count", () => {
  const random = seeded(1);
  for (let round = 0; round < 100; round++) {
    const x = noise(whole(random, 9, 300), random);
    assertEquals(stepFraction(x, 1000, 0.3, 5), plainStepFraction(x, 5, 0.3));
  }
});

function plainStepFraction(
  x: Float64Array,
  size: number,
  step: number,
): number {
  const smooth = plainMedianFilter(x, size <= x.length ? size : 1);
  const median = plainMedian(smooth);
  const far = smooth.filter((value) => Math.abs(value - median) > step);
  return far.length / x.length;
}

Deno.test("stepFraction does not count a sample exactly at the limit", () => {
  const x = Float64Array.of(0, 0, 0, 0, 30, 30, -31);
  assertEquals(stepFraction(x, 1000, 30, 1), 1 / 7);
});

Deno.test("stepFraction leaves its input unchanged and refuses NaN", () => {
  const x = noise(100, seeded(2));
  const before = x.slice();
  stepFraction(x, 1000, 0.5, 5);
  stepFraction(x, 1000, 0.5, 1);
  assertEquals(x, before);
  x[4] = NaN;
  assertThrows(() => stepFraction(x, 1000, 0.5, 5), RangeError, "sample 4");
});

Deno.test("stepFraction equals the plain count for jumps about a step high", () => {
  const random = seeded(23);
  let onSteps = 0;
  for (let round = 0; round < 2000; round++) {
    const height = itemAt([10, 25, 29.999, 30, 31, 60], round % 6);
    let level = 0;
    const most = round % 5 === 0 ? 700 : 120;
    const x = Float64Array.from({ length: whole(random, 3, most) }, () => {
      if (random() < (most > 120 ? 0.02 : 0.1)) {
        level = height * whole(random, -1, 1);
      }
      return level + (round % 3) * random();
    });
    const expected = plainStepFraction(x, 20, 30);
    if (expected > 0) onSteps++;
    assertEquals(stepFraction(x, 4000, 30, 5), expected, `round ${round}`);
  }
  assert(onSteps > 200, `only ${onSteps} traces have a step`);
});
