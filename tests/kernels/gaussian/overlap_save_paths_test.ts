import { assert, assertEquals } from "../../support/assert.ts";
import { assertClose } from "../../support/close.ts";
import { noise, seeded, whole } from "../../support/sessions/traces.ts";
import { gaussianWeights } from "../../../src/kernels/gaussian/gaussian_filter.ts";
import { overlapSave } from "../../../src/kernels/gaussian/gaussian_filter.ts";
import { plainOverlapSave } from "../../../src/kernels/gaussian/_overlap_save_plain.ts";
import { simdOverlapSave } from "../../../src/kernels/gaussian/_overlap_save_simd.ts";
import { symmetricSum } from "../../../src/kernels/gaussian/gaussian_filter.ts";

Deno.test("overlapSave: both paths equal the plain sum", () => {
  const random = seeded(1);
  for (let round = 0; round < 60; round++) {
    const weights = gaussianWeights(0.2 + 100 * random() ** 3, 4);
    const padded = noise(
      2 * weights.length + whole(random, 0, 5000),
      random,
    ).map((value) => value - 60);
    const expected = symmetricSum(padded, weights);
    const name = `round ${round}: ${padded.length}, ${weights.length}`;
    const simd = simdOverlapSave(padded, weights);
    assert(simd !== undefined, "this machine has no WebAssembly SIMD");
    assertClose(simd, expected, 1e-13, name);
    assertClose(plainOverlapSave(padded, weights), expected, 1e-13, name);
  }
});

Deno.test("overlapSave: every transform size equals the plain sum", () => {
  const random = seeded(2);
  for (const sigma of [10, 50, 200, 800, 3000]) {
    const weights = gaussianWeights(sigma, 4);
    const padded = noise(2 * weights.length + 40_000, random);
    const simd = simdOverlapSave(padded, weights);
    assert(simd !== undefined);
    assertClose(simd, plainOverlapSave(padded, weights), 1e-13, `${sigma}`);
  }
});

Deno.test("overlapSave: TypeScript takes over when the input is too long for the module", () => {
  const weights = gaussianWeights(20_000, 4);
  const padded = noise(2 * weights.length + 100, seeded(3));
  assertEquals(simdOverlapSave(padded, weights), undefined);
  assertEquals(
    overlapSave(padded, weights),
    plainOverlapSave(padded, weights),
  );
  assertEquals(
    simdOverlapSave(new Float64Array(2 ** 21), Float64Array.of(1)),
    undefined,
  );
});

Deno.test("overlapSave: a refused filter does not affect the cached one", () => {
  const weights = gaussianWeights(40, 4);
  const padded = noise(4000, seeded(4));
  const first = simdOverlapSave(padded, weights);
  simdOverlapSave(new Float64Array(2 ** 21), Float64Array.of(1));
  simdOverlapSave(padded, gaussianWeights(41, 4));
  assertEquals(simdOverlapSave(padded, weights), first);
});
