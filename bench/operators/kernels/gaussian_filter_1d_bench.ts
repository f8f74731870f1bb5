import { assertClose } from "../../../tests/_close.ts";
import { plainGaussianFilter1d } from "../../../tests/_plain.ts";
import { potential, seeded } from "../../../tests/_traces.ts";
import { gaussianFilter1d } from "../../../src/operators/kernels/gaussian_filter_1d.ts";

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
