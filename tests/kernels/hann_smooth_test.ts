import { assert, assertEquals, assertThrows } from "../support/assert.ts";
import { assertWithin } from "../support/close.ts";
import { kernelReferences } from "../support/golden/kernel_references.ts";
import { plainHannSmooth } from "../support/golden/plain.ts";
import { noise, seeded, whole } from "../support/sessions/traces.ts";
import { itemAt } from "../support/item_at.ts";
import { hannSmooth } from "../../src/kernels/hann_smooth.ts";

for (const { input, points, output } of kernelReferences().hannSmooth) {
  Deno.test(`hannSmooth equals SciPy: ${input.length} samples, ${points} points`, () => {
    const out = hannSmooth(Float64Array.from(input), points);
    assertWithin(out, output, 1e-12);
  });
}

Deno.test("hannSmooth equals the plain sum", () => {
  const random = seeded(1);
  for (let round = 0; round < 100; round++) {
    const x = noise(whole(random, 1, 80), random);
    const points = whole(random, 1, 100);
    assertWithin(hannSmooth(x, points), plainHannSmooth(x, points), 1e-12);
  }
});

Deno.test("hannSmooth with three points or one returns equal values", () => {
  const x = noise(20, seeded(2));
  assertEquals(hannSmooth(x, 3), x);
  assertEquals(hannSmooth(x, 1), x);
  assert(hannSmooth(x, 1).buffer !== x.buffer);
});

Deno.test("hannSmooth turns a spike into a window of peak 1, zero elsewhere", () => {
  const x = new Float64Array(40);
  x[20] = 1;
  const out = hannSmooth(x, 9);
  assertEquals(out[20], 1);
  for (let i = 0; i < 40; i++) {
    assertEquals(itemAt(out, i) > 0, Math.abs(i - 20) < 4, `sample ${i}`);
  }
});

Deno.test("hannSmooth leaves its input unchanged and refuses an invalid count", () => {
  const x = noise(20, seeded(3));
  const before = x.slice();
  hannSmooth(x, 7);
  assertEquals(x, before);
  for (const points of [0, 2.5, NaN]) {
    assertThrows(
      () => hannSmooth(x, points),
      RangeError,
      `Cannot smooth: points is ${points}, expected `,
    );
  }
});
