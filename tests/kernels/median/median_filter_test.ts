import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import {
  type GoldenArray,
  goldenCases,
  isReadOutside,
} from "../../support/golden/golden_operators.ts";
import { kernelReferences } from "../../support/golden/kernel_references.ts";
import { plainMedianFilter } from "../../support/golden/plain.ts";
import {
  noise,
  potential,
  seeded,
  whole,
} from "../../support/sessions/traces.ts";
import { itemAt } from "../../support/item_at.ts";
import { medianFilter } from "../../../src/kernels/median/median_filter.ts";

for (const { name, params, input, output } of goldenCases("medianFilter")) {
  Deno.test(`medianFilter equals SciPy exactly: ${name}, ${input.shape}`, () => {
    const out = medianFilter(float64(input), params.size);
    if (!isReadOutside(out.length, params.size)) {
      assertEquals(out, output.data);
      return;
    }
    // SciPy reads samples outside the trace here; its other values are right.
    const samples = new Set(input.data);
    const inside = out.map((_, i) =>
      samples.has(itemAt(output.data, i)) ? 1 : 0
    );
    assertEquals(
      out.filter((_, i) => inside[i]),
      output.data.filter((_, i) => inside[i]) as Float64Array,
    );
    assert(inside.reduce((a, b) => a + b) >= out.length - 2);
  });
}

Deno.test("medianFilter equals NumPy when the window is far longer than the trace", () => {
  for (const { input, size, median } of kernelReferences().farReflected) {
    const out = medianFilter(Float64Array.from(input), size);
    assertEquals(out, Float64Array.from(median), `${input.length}, ${size}`);
  }
});

Deno.test("medianFilter equals sorting every window, exactly", () => {
  const random = seeded(1);
  for (let round = 0; round < 300; round++) {
    const length = whole(random, 1, 60);
    const size = whole(random, 1, round % 10 === 0 ? 400 : 40);
    const x = awkward(round % 4, length, random);
    assertEquals(
      medianFilter(x, size),
      plainMedianFilter(x, size),
      `round ${round}: ${length} samples, window ${size}`,
    );
  }
});

Deno.test("medianFilter equals sorting on a long trace with few levels", () => {
  const x = potential(3000, seeded(2)).map((v) => Math.round(v));
  for (const size of [2, 21, 400]) {
    assertEquals(medianFilter(x, size), plainMedianFilter(x, size));
  }
});

Deno.test("medianFilter returns the upper median of an even window", () => {
  assertEquals(
    medianFilter(Float64Array.of(1, 2, 3, 4), 2),
    Float64Array.of(1, 2, 3, 4),
  );
});

Deno.test("medianFilter of an empty trace is empty", () => {
  assertEquals(medianFilter(new Float64Array(0), 5), new Float64Array(0));
});

Deno.test("medianFilter leaves its input unchanged and returns a new array", () => {
  for (const size of [1, 2, 7, 40]) {
    const x = noise(20, seeded(3));
    const before = x.slice();
    const out = medianFilter(x, size);
    assertEquals(x, before);
    assertEquals(out.buffer === x.buffer, false);
  }
});

Deno.test("medianFilter refuses a sample that is not finite", () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    for (const size of [1, 3]) {
      assertThrows(
        () => medianFilter(Float64Array.of(1, 2, value, 4), size),
        RangeError,
        `Cannot filter by the median: sample 2 is ${value}, expected a finite`,
      );
    }
  }
});

Deno.test("medianFilter refuses an invalid window", () => {
  for (const size of [0, -1, 1.5, NaN]) {
    assertThrows(
      () => medianFilter(Float64Array.of(1), size),
      RangeError,
      `Cannot filter by the median: size is ${size}, expected `,
    );
  }
});

/** Noise, few levels, a rise or a fall: each stresses the heaps differently. */
function awkward(
  kind: number,
  length: number,
  random: () => number,
): Float64Array {
  const x = noise(length, random);
  if (kind === 1) return x.map((value) => Math.round(2 * value));
  if (kind === 2) return x.sort();
  if (kind === 3) return x.sort().reverse();
  return x;
}

function float64({ data }: GoldenArray): Float64Array {
  return Float64Array.from(data);
}
