import { firstBeyond, firstNonFinite } from "../../src/base/numbers.ts";
import { assertEquals } from "../support/assert.ts";

const FINITE = [
  ...[0, -0, 1, -1, 0.1, 5e-324, -5e-324, 1.4e-45],
  ...[3.4028234663852886e38, -3.4028234663852886e38],
];
const KINDS = [Float64Array, Float32Array];

for (const Kind of KINDS) {
  Deno.test(`firstNonFinite: every number of ${Kind.name} is finite`, () => {
    assertEquals(firstNonFinite(new Kind(0)), -1);
    assertEquals(firstNonFinite(new Kind(FINITE)), -1);
  });

  for (const odd of [NaN, Infinity, -Infinity]) {
    Deno.test(`firstNonFinite: finds ${odd} in ${Kind.name}, the first one`, () => {
      for (let at = 0; at < FINITE.length; at++) {
        const samples = new Kind(FINITE);
        samples[at] = odd;
        samples[FINITE.length - 1] = odd;
        assertEquals(firstNonFinite(samples), at);
        // A view that starts inside its buffer.
        assertEquals(firstNonFinite(samples.subarray(at)), 0);
        assertEquals(firstNonFinite(samples.subarray(0, at)), -1);
      }
    });
  }
}

Deno.test("firstNonFinite: the greatest float64 is finite, as float32 it is not", () => {
  assertEquals(firstNonFinite(new Float64Array([Number.MAX_VALUE])), -1);
  assertEquals(firstNonFinite(new Float32Array([Number.MAX_VALUE])), 0);
});

Deno.test("firstNonFinite: integers are finite", () => {
  assertEquals(firstNonFinite(new Int16Array([-32768, 32767])), -1);
});

Deno.test("firstBeyond: finds what the plain definition finds", () => {
  const edges = [
    0,
    -1,
    0.5,
    1e6,
    -1e6,
    1e9,
    2 ** 31,
    -(2 ** 15),
    3.4e38,
    1e300,
  ];
  const limits = [1, 1e6, 999_999.9999, 1e8 / 3, 1e9, 2 ** 40, 1e300, Infinity];
  for (const Samples of [Float64Array, Float32Array, Int16Array, Int32Array]) {
    for (const limit of limits) {
      const odd = [NaN, Infinity, limit, -limit, limit * (1 - 1e-7)];
      for (const value of [...edges, ...odd]) {
        const samples = Samples.of(0, 0, value, 0);
        const expected = samples.findIndex((x) => !(Math.abs(x) < limit));
        assertEquals(
          firstBeyond(samples, limit),
          expected,
          `${value} ${limit}`,
        );
      }
    }
  }
});
