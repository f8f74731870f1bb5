import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { assertClose } from "../../support/close.ts";
import { goldenCases } from "../../support/golden/golden_operators.ts";
import { kernelReferences } from "../../support/golden/kernel_references.ts";
import { plainGaussianFilter1d } from "../../support/golden/plain.ts";
import {
  noise,
  potential,
  seeded,
  whole,
} from "../../support/sessions/traces.ts";
import { itemAt } from "../../support/item_at.ts";
import { gaussianFilter1d } from "../../../src/kernels/gaussian/gaussian_filter.ts";

for (const { name, params, input, output } of goldenCases("gaussianFilter1d")) {
  Deno.test(`gaussianFilter1d equals SciPy: ${name}, ${input.shape}`, () => {
    const x = Float64Array.from(input.data);
    const out = gaussianFilter1d(x, params.sigma, params.truncate);
    assertClose(out, output.data, 1e-9);
  });
}

Deno.test("gaussianFilter1d equals SciPy at unusual edges and cutoffs", () => {
  for (const { input, sigma, truncate, output } of references()) {
    const out = gaussianFilter1d(Float64Array.from(input), sigma, truncate);
    assertClose(out, output, 1e-12, `${input.length} samples, sigma ${sigma}`);
  }
});

Deno.test("gaussianFilter1d equals the plain sum on both sides of every size threshold", () => {
  const random = seeded(4);
  for (let round = 0; round < 60; round++) {
    const x = noise(whole(random, 1, 1200), random);
    const sigma = 0.05 + 60 * random() ** 2;
    assertClose(
      gaussianFilter1d(x, sigma),
      plainGaussianFilter1d(x, sigma),
      1e-12,
      `round ${round}: ${x.length} samples, sigma ${sigma}`,
    );
  }
});

Deno.test("gaussianFilter1d equals the plain sum over many blocks", () => {
  const x = potential(30_000, seeded(5));
  assertClose(
    gaussianFilter1d(x, 40),
    plainGaussianFilter1d(x, 40),
    1e-13,
  );
});

Deno.test("gaussianFilter1d keeps two alternating filters apart", () => {
  const x = noise(5000, seeded(6));
  const first = gaussianFilter1d(x, 40);
  gaussianFilter1d(x, 41);
  assertEquals(gaussianFilter1d(x, 40), first);
});

Deno.test("gaussianFilter1d keeps small changes on a large offset", () => {
  const x = noise(5000, seeded(7));
  const lifted = x.map((value) => Math.fround(value) + 2 ** 20);
  const out = gaussianFilter1d(lifted, 40).map((value) => value - 2 ** 20);
  const expected = gaussianFilter1d(x.map(Math.fround), 40);
  // One step of a double at 2^20 is 1.2e-10.
  for (let i = 0; i < x.length; i++) {
    assert(
      Math.abs(itemAt(out, i) - itemAt(expected, i)) < 1e-9,
      `sample ${i}`,
    );
  }
});

Deno.test("gaussianFilter1d of a flat trace is flat, of an empty trace empty", () => {
  const flat = new Float64Array(3000).fill(-61.3);
  assertEquals(gaussianFilter1d(flat, 40), flat);
  assertEquals(
    gaussianFilter1d(new Float64Array(0), 4),
    new Float64Array(0),
  );
});

Deno.test("gaussianFilter1d leaves its input unchanged", () => {
  for (const [length, sigma] of [[20, 0.01], [20, 3], [400, 20]] as const) {
    const x = noise(length, seeded(8));
    const before = x.slice();
    const out = gaussianFilter1d(x, sigma);
    assertEquals(x, before);
    assert(out.buffer !== x.buffer);
  }
});

Deno.test("gaussianFilter1d refuses invalid samples and widths", () => {
  assertThrows(
    () => gaussianFilter1d(Float64Array.of(1, NaN), 2),
    RangeError,
    "Cannot filter by a gaussian: sample 1 is NaN, expected a finite number",
  );
  for (const sigma of [0, -1, NaN, Infinity]) {
    assertThrows(
      () => gaussianFilter1d(Float64Array.of(1), sigma),
      RangeError,
      `Cannot filter by a gaussian: sigma is ${sigma}, expected `,
    );
  }
  assertThrows(
    () => gaussianFilter1d(Float64Array.of(1), 1, -1),
    RangeError,
    "Cannot filter by a gaussian: truncate is -1, expected ",
  );
});

function references(): ReturnType<typeof kernelReferences>["gaussianFilter1d"] {
  return kernelReferences().gaussianFilter1d;
}
