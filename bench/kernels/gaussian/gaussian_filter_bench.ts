import { assert } from "../../../tests/support/assert.ts";
import { assertClose } from "../../../tests/support/close.ts";
import { plainGaussianFilter1d } from "../../../tests/support/golden/plain.ts";
import { potential, seeded } from "../../../tests/support/sessions/traces.ts";
import { gaussianWeights } from "../../../src/kernels/gaussian/gaussian_filter.ts";
import { plainOverlapSave } from "../../../src/kernels/gaussian/_overlap_save_plain.ts";
import { simdOverlapSave } from "../../../src/kernels/gaussian/_overlap_save_simd.ts";
import { gaussianFilter1d } from "../../../src/kernels/gaussian/gaussian_filter.ts";

for (
  const [samples, sigma] of [[60_000, 2.5], [60_000, 40], [4000, 40]] as const
) {
  const trace = potential(samples, seeded(1));
  const group = `gaussianFilter1d, ${samples} samples, sigma ${sigma}`;
  assertClose(
    gaussianFilter1d(trace, sigma),
    plainGaussianFilter1d(trace, sigma),
    1e-12,
  );
  Deno.bench({
    name: `plain sum (${samples}, ${sigma})`,
    group,
    baseline: true,
    n: 5,
    warmup: 1,
    fn(): void {
      plainGaussianFilter1d(trace, sigma);
    },
  });
  Deno.bench({
    name: `gaussianFilter1d (${samples}, ${sigma})`,
    group,
    fn(): void {
      gaussianFilter1d(trace, sigma);
    },
  });
}

for (
  const [samples, sigma] of [[24_000, 40], [24_000, 100], [4000, 40]] as const
) {
  const weights = gaussianWeights(sigma, 4);
  const padded = potential(samples + 2 * weights.length - 2, seeded(2));
  const group = `overlapSave, ${samples} samples, sigma ${sigma}`;
  const simd = simdOverlapSave(padded, weights);
  assert(simd !== undefined, "this machine has no WebAssembly SIMD");
  assertClose(simd, plainOverlapSave(padded, weights), 1e-13);
  Deno.bench({
    name: `fft.js (${samples}, ${sigma})`,
    group,
    baseline: true,
    fn(): void {
      plainOverlapSave(padded, weights);
    },
  });
  Deno.bench({
    name: `WebAssembly SIMD (${samples}, ${sigma})`,
    group,
    fn(): void {
      simdOverlapSave(padded, weights);
    },
  });
}
