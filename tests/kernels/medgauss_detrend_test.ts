import { assert, assertEquals, assertThrows } from "../support/assert.ts";
import { assertWithin } from "../support/close.ts";
import {
  goldenCases,
  isReadOutside,
} from "../support/golden/golden_operators.ts";
import { kernelReferences } from "../support/golden/kernel_references.ts";
import {
  plainGaussianFilter1d,
  plainMedianFilter,
} from "../support/golden/plain.ts";
import { potential, seeded } from "../support/sessions/traces.ts";
import { itemAt } from "../support/item_at.ts";
import { medgaussDetrend } from "../../src/kernels/medgauss_detrend.ts";

for (const { name, params, input, output } of goldenCases("medgaussDetrend")) {
  Deno.test(`medgaussDetrend equals SciPy: ${name}, ${input.shape}`, () => {
    const x = Float64Array.from(input.data);
    const { sampleRateHz, medianMs, gaussMs } = params;
    const out = medgaussDetrend(x, sampleRateHz, medianMs, gaussMs);
    const size = Math.round(medianMs * sampleRateHz / 1000);
    const expected = isSpoilt(x.length, size)
      ? plainDetrend(x, size, gaussMs * sampleRateHz / 1000)
      : output.data;
    // Relative to the signal's maximum, because the result may be zero.
    const most = Math.max(...x.map(Math.abs));
    assertWithin(out, expected, 1e-9 * most);
  });
}

Deno.test("medgaussDetrend equals NumPy when the window is far longer than the trace", () => {
  for (const reference of kernelReferences().farReflected) {
    const { input, rateHz, medianMs, gaussMs, output } = reference;
    const x = Float64Array.from(input);
    const out = medgaussDetrend(x, rateHz, medianMs, gaussMs);
    assertWithin(out, output, 60e-9, `${x.length} samples`);
  }
});

Deno.test("medgaussDetrend rounds its window half to even samples", () => {
  const x = potential(200, seeded(1));
  // 2.5 samples are 2, 3.5 samples are 4.
  for (const [medianMs, size] of [[2.5, 2], [3.5, 4], [0.1, 1]] as const) {
    const expected = plainDetrend(x, size, 5);
    assertWithin(medgaussDetrend(x, 1000, medianMs, 5), expected, 1e-11);
  }
});

Deno.test("medgaussDetrend of a trace with a window of one sample is zero", () => {
  const x = potential(50, seeded(2));
  assertEquals(medgaussDetrend(x, 1000, 1, 0), new Float64Array(50));
});

Deno.test("medgaussDetrend leaves its input unchanged; an empty trace stays empty", () => {
  const x = potential(300, seeded(3));
  const before = x.slice();
  assert(medgaussDetrend(x, 1000, 100, 10).buffer !== x.buffer);
  assertEquals(x, before);
  const nothing = new Float64Array(0);
  assertEquals(medgaussDetrend(nothing, 1000, 100, 10), nothing);
});

Deno.test("medgaussDetrend refuses a sample that is not finite", () => {
  assertThrows(
    () => medgaussDetrend(Float64Array.of(0, 0, Infinity), 1000, 100, 10),
    RangeError,
    "sample 2 is Infinity, expected a finite number",
  );
});

/** Whether the golden value contains samples that SciPy read outside the trace. */
function isSpoilt(samples: number, size: number): boolean {
  return samples === 37 && isReadOutside(samples, size);
}

function plainDetrend(
  x: Float64Array,
  size: number,
  sigma: number,
): Float64Array {
  const baseline = plainGaussianFilter1d(plainMedianFilter(x, size), sigma);
  return x.map((value, i) => value - itemAt(baseline, i));
}

Deno.test("medgaussDetrend of stored steps equals that of the trace in mV, bit for bit", () => {
  const trace = potential(3000, seeded(8));
  const steps = Int16Array.from(trace, (mv) => Math.round(mv / 0.013));
  const inMv = Float64Array.from(steps, (step) => step * 0.013);
  const before = steps.slice();
  for (const scale of [0.013, -0.013]) {
    assertEquals(
      medgaussDetrend(steps, 4000, 100, 10, scale),
      medgaussDetrend(
        scale > 0 ? inMv : inMv.map((mv) => -mv),
        4000,
        100,
        10,
      ),
    );
  }
  assertEquals(steps, before);
});
