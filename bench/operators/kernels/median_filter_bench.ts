import { assertEquals } from "../../../tests/_assert.ts";
import { plainMedianFilter } from "../../../tests/_plain.ts";
import { potential, seeded } from "../../../tests/_traces.ts";
import { integerMedianFilter } from "../../../src/operators/kernels/integer_median_filter.ts";
import { medianFilter } from "../../../src/operators/kernels/median_filter.ts";

const SAMPLES = 60_000;
const trace = potential(SAMPLES, seeded(1));
const steps = Int16Array.from(trace, (mv) => 100 * mv);

for (const size of [400, 1000]) {
  const group = `medianFilter, ${SAMPLES} samples, window ${size}`;
  assertEquals(medianFilter(trace, size), plainMedianFilter(trace, size));
  assertEquals(
    integerMedianFilter(steps, size),
    medianFilter(new Float64Array(steps), size),
  );
  // A second or more a run: two tell enough.
  Deno.bench({
    name: `every window sorted (${size})`,
    group,
    baseline: true,
    n: 2,
    warmup: 0,
    fn(): void {
      plainMedianFilter(trace, size);
    },
  });
  Deno.bench({
    name: `two heaps (${size})`,
    group,
    fn(): void {
      medianFilter(trace, size);
    },
  });
  Deno.bench({
    name: `histogram of stored steps (${size})`,
    group,
    fn(): void {
      integerMedianFilter(steps, size);
    },
  });
}
