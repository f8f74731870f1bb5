import { assertEquals, assertThrows } from "../support/assert.ts";
import { assertClose } from "../support/close.ts";
import { goldenCases } from "../support/golden/golden_operators.ts";
import {
  plainGaussianFilter1d,
  plainHannSmooth,
  plainMedianFilter,
} from "../support/golden/plain.ts";
import { noise, seeded, whole } from "../support/sessions/traces.ts";
import { itemAt } from "../support/item_at.ts";
import { spikeRate } from "../../src/kernels/spike_rate.ts";

for (const { name, params, input, output } of goldenCases("spikeRate")) {
  Deno.test(`spikeRate equals SciPy: ${name}, ${input.shape}`, () => {
    const out = spikeRate(
      Float64Array.from(input.data),
      params.sampleRateHz,
      params.detrendMedianMs,
      params.detrendGaussMs,
      params.clipMedianMs,
      params.thresholdSigma,
      params.smoothMs,
    );
    assertClose(out, output.data, 1e-9);
  });
}

Deno.test("spikeRate equals the plain steps", () => {
  const random = seeded(1);
  for (let round = 0; round < 20; round++) {
    const x = noise(whole(random, 1, 500), random);
    assertClose(
      spikeRate(x, 1000, 30, 4, 6, 1.5, 9),
      plainSpikeRate(x),
      1e-9,
      `round ${round}: ${x.length} samples`,
    );
  }
});

Deno.test("spikeRate places a spike at its time and finds none in a flat trace", () => {
  const x = new Float64Array(1000).fill(-60);
  assertEquals(
    spikeRate(x, 1000, 100, 10, 10, 2.5, 21),
    new Float64Array(1000),
  );
  x[400] = 0;
  const out = spikeRate(x, 1000, 100, 10, 10, 2.5, 21);
  assertEquals(out.indexOf(1), 400);
  assertEquals(out.filter((value) => value > 0).length, 19);
});

Deno.test("spikeRate leaves its input unchanged; its minimum of three points returns the marks", () => {
  const x = noise(200, seeded(2));
  const before = x.slice();
  const out = spikeRate(x, 1000, 100, 10, 10, 1, 0.01);
  assertEquals(x, before);
  assertEquals(out.every((value) => value === 0 || value === 1), true);
  assertEquals(out.includes(1), true);
});

Deno.test("spikeRate of an empty trace is empty; NaN is refused", () => {
  const nothing = new Float64Array(0);
  assertEquals(spikeRate(nothing, 1000, 100, 10, 10, 2.5, 21), nothing);
  assertThrows(
    () => spikeRate(Float64Array.of(1, NaN), 1000, 100, 10, 10, 2.5, 21),
    RangeError,
    "sample 1 is NaN",
  );
});

function plainSpikeRate(x: Float64Array): Float64Array {
  const baseline = plainGaussianFilter1d(plainMedianFilter(x, 30), 4);
  const trace = x.map((value, i) => value - itemAt(baseline, i));
  const slow = plainMedianFilter(trace, 6);
  const fast = trace.map((value, i) => value - itemAt(slow, i));
  const mean = fast.reduce((a, b) => a + b, 0) / fast.length;
  const squares = fast.reduce((a, b) => a + (b - mean) ** 2, 0);
  const threshold = 1.5 * Math.sqrt(squares / fast.length);
  return plainHannSmooth(fast.map((v) => v > threshold ? 1 : 0), 9);
}
