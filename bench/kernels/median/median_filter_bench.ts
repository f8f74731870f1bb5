import { assert, assertEquals } from "../../../tests/support/assert.ts";
import { plainMedianFilter } from "../../../tests/support/golden/plain.ts";
import { potential, seeded } from "../../../tests/support/sessions/traces.ts";
import { heapMedians } from "../../../src/kernels/median/_heap_medians.ts";
import { rankMedians } from "../../../src/kernels/median/_rank_medians_simd.ts";
import { integerMedianFilter } from "../../../src/kernels/median/integer_median_filter.ts";
import { medianFilter } from "../../../src/kernels/median/median_filter.ts";

const SAMPLES = 60_000;
const trace = potential(SAMPLES, seeded(1));
const steps = Int16Array.from(trace, (mv) => 100 * mv);
const out = new Float64Array(SAMPLES);

assert(rankMedians(trace, 400, out), "this machine has no WebAssembly");

for (const size of [400, 1000]) {
  const group = `medianFilter, ${SAMPLES} samples, window ${size}`;
  assertEquals(medianFilter(trace, size), plainMedianFilter(trace, size));
  assertEquals(
    integerMedianFilter(steps, size),
    medianFilter(new Float64Array(steps), size),
  );
  // A run takes a second or more, so two suffice.
  Deno.bench({
    name: `plain: sort every window (${size})`,
    group,
    baseline: true,
    n: 2,
    warmup: 0,
    fn(): void {
      plainMedianFilter(trace, size);
    },
  });
  Deno.bench({
    name: `two heaps, TypeScript (${size})`,
    group,
    fn(): void {
      heapMedians(trace, size, out);
    },
  });
  Deno.bench({
    name: `ranks, WebAssembly (${size})`,
    group,
    fn(): void {
      rankMedians(trace, size, out);
    },
  });
  Deno.bench({
    name: `histogram of stored steps (${size})`,
    group,
    fn(): void {
      integerMedianFilter(steps, size, out);
    },
  });
}
