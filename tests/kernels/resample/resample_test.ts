import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "../../support/assert.ts";
import { assertClose, assertWithin } from "../../support/close.ts";
import { plainResample } from "../../support/golden/plain.ts";
import { noise, seeded, whole } from "../../support/sessions/traces.ts";
import { resample } from "../../../src/kernels/resample/resample.ts";

interface Reference {
  readonly rateHz: number;
  readonly targetHz: number;
  readonly input: readonly number[];
  readonly output: readonly number[];
}

const REFERENCES: readonly Reference[] = JSON.parse(
  Deno.readTextFileSync(
    new URL("../../fixtures/kernels/resample.json", import.meta.url),
  ),
);

for (const { rateHz, targetHz, input, output } of REFERENCES) {
  Deno.test(`resample equals SciPy's resample_poly: ${input.length} samples, ${rateHz} to ${targetHz} Hz`, () => {
    assertClose(
      resample(Float64Array.from(input), rateHz, targetHz),
      output,
      1e-12,
    );
  });
}

// Bound for a sine in the pass-band: the same sine at the other rate, without delay.
const PASS = 1e-5;
// Bound for a sine at or above the lower Nyquist frequency.
const STOP_DB = -100;

for (
  const [rateHz, targetHz] of [
    [97656.25, 96000],
    [97656, 96000],
    [44100, 96000],
    [96000, 44100],
    [97001.3, 96000],
    [96000, 97001.37],
    [1000 * Math.PI, 1000],
  ] as const
) {
  const lower = Math.min(rateHz, targetHz) / 2;

  // Part where the filter does not reach the silence beyond the ends.
  const inside = (x: Float64Array, rate: number): Float64Array => {
    const reach = Math.ceil(138 * rate / (2 * lower));
    return x.subarray(reach, x.length - reach);
  };

  Deno.test(`resample keeps sines of the pass-band: ${rateHz} to ${targetHz} Hz`, () => {
    for (const part of [0, 0.01, 0.3, 0.7, 0.9, 0.94, 0.95]) {
      const expected = inside(sine(1200, part * lower, targetHz), targetHz);
      const n = Math.ceil(1200 * rateHz / targetHz);
      const out = resample(sine(n, part * lower, rateHz), rateHz, targetHz);
      assertWithin(
        inside(out.subarray(0, 1200), targetHz),
        expected,
        PASS,
        `${part}`,
      );
    }
  });

  if (targetHz > rateHz) continue;
  Deno.test(`resample removes sines that would alias: ${rateHz} to ${targetHz} Hz`, () => {
    for (let hz = lower; hz < rateHz / 2; hz += (rateHz / 2 - lower) / 40) {
      const n = Math.ceil(1200 * rateHz / targetHz);
      const out = resample(sine(n, hz, rateHz), rateHz, targetHz);
      const most = Math.max(...inside(out, targetHz).map(Math.abs));
      assert(20 * Math.log10(most) <= STOP_DB, `${hz} Hz: ${most}`);
    }
  });
}

function sine(n: number, hz: number, rateHz: number): Float64Array {
  return Float64Array.from(
    { length: n },
    (_, i) => Math.cos(2 * Math.PI * hz * i / rateHz + 0.3),
  );
}

Deno.test("resample equals the plain definition at random rates", () => {
  const random = seeded(1);
  for (let round = 0; round < 40; round++) {
    const x = noise(whole(random, 0, 200), random);
    const [up, down] = [whole(random, 1, 40), whole(random, 1, 40)];
    const length = whole(random, 0, 300);
    const rate = 100 * (1 + random());
    const target = rate * up / down;
    const there = Math.min(length, Math.ceil(x.length * up / down));
    const expected = new Float64Array(length);
    expected.set(plainResample(x, rate, target, there));
    assertWithin(
      resample(x, rate, target, length),
      expected,
      1e-11,
      `round ${round}: ${x.length} samples, ${up} / ${down}`,
    );
  }
});

Deno.test("resample interpolates its filter when a table would be too large", () => {
  const random = seeded(2);
  for (let round = 0; round < 15; round++) {
    const x = noise(whole(random, 1, 200), random);
    const [rate, target] = [1000 * (1 + 9 * random()), 5000 * (1 + random())];
    const out = resample(x, rate, target);
    assertEquals(out.length, Math.ceil(x.length * target / rate));
    const expected = plainResample(x, rate, target, out.length);
    assertWithin(out, expected, 1e-6, `${rate} to ${target}`);
  }
});

Deno.test("resample gives equal values for any number of outputs", () => {
  const x = noise(4000, seeded(3));
  const all = resample(x, 3, 2);
  for (const length of [1, 2, 3, 7, 8, 9, 15, 16, 17, 2666]) {
    assertClose(resample(x, 3, 2, length), all.subarray(0, length), 1e-14);
  }
});

Deno.test("resample at the same rate returns a copy", () => {
  const x = noise(50, seeded(4));
  const out = resample(x, 97656.25, 97656.25);
  assertEquals(out, x);
  out[0] = 7;
  assert(x[0] !== 7);
  assertEquals(resample(x, 8, 8, 20), x.slice(0, 20));
  const longer = resample(x, 8, 8, 60);
  assertEquals(longer.subarray(0, 50), x);
  assertEquals(longer.subarray(50), new Float64Array(10));
});

Deno.test("resample keeps a constant except at the ends", () => {
  const out = resample(new Float64Array(600).fill(-3), 44100, 48000);
  for (const value of out.subarray(150, 500)) {
    assertAlmostEquals(value, -3, 1e-13);
  }
});

Deno.test("resample of an empty trace is empty; the input stays unchanged", () => {
  assertEquals(resample(new Float64Array(0), 2, 3), new Float64Array(0));
  assertEquals(resample(new Float64Array(0), 2, 3, 4), new Float64Array(4));
  const x = noise(100, seeded(5));
  const before = x.slice();
  resample(x, 97656.25, 96000);
  resample(x, 97001.3, 96000);
  assertEquals(x, before);
});

Deno.test("resample keeps the filters of alternating calls apart", () => {
  const x = noise(300, seeded(6));
  const first = resample(x, 97656.25, 96000);
  for (
    const [rate, target] of [[3072, 1], [96000, 97656.25], [
      97001.3,
      96000,
    ]] as const
  ) {
    resample(x, rate, target === 1 ? 3072 / 200 : target);
    assertEquals(resample(x, 97656.25, 96000), first);
  }
});

Deno.test("resample refuses invalid rates, lengths and samples", () => {
  const x = noise(10, seeded(7));
  assertThrows(
    () => resample(x, 0, 10),
    RangeError,
    "Cannot resample: rateHz is 0",
  );
  assertThrows(
    () => resample(x, 256_001, 1000),
    RangeError,
    "Cannot resample: targetHz is 1000, expected at least 1000.00390625",
  );
  assertThrows(
    () => resample(x, 2, 3, 1.5),
    RangeError,
    "Cannot resample: length is 1.5, expected a whole number",
  );
  x[4] = Infinity;
  assertThrows(
    () => resample(x, 2, 3),
    RangeError,
    "Cannot resample: sample 4 is Infinity, expected a finite number",
  );
});
