import { assert, assertEquals } from "../../../tests/support/assert.ts";
import { assertClose } from "../../../tests/support/close.ts";
import { plainLeaveOneOutCorrelation } from "../../../tests/support/golden/plain.ts";
import { potential, seeded } from "../../../tests/support/sessions/traces.ts";
import { plainLeaveOneOutSums } from "../../../src/kernels/gate/_leave_one_out_plain.ts";
import { simdLeaveOneOutSums } from "../../../src/kernels/gate/_leave_one_out_simd.ts";
import { leaveOneOutCorrelation } from "../../../src/kernels/gate/leave_one_out.ts";

const SAMPLES = 20_000;

for (const count of [8, 25]) {
  const repeats = Array.from(
    { length: count },
    (_, seed) => potential(SAMPLES, seeded(seed)),
  );
  const group =
    `leaveOneOutCorrelation, ${count} repeats of ${SAMPLES} samples`;
  assertClose(
    leaveOneOutCorrelation(repeats),
    plainLeaveOneOutCorrelation(repeats),
    1e-9,
  );
  Deno.bench({
    name: `plain: a median per repeat (${count})`,
    group,
    baseline: true,
    n: 3,
    warmup: 0,
    fn(): void {
      plainLeaveOneOutCorrelation(repeats);
    },
  });
  Deno.bench({
    name: `one sort for all repeats (${count})`,
    group,
    fn(): void {
      leaveOneOutCorrelation(repeats);
    },
  });
}

for (const count of [3, 5, 8, 25]) {
  const repeats = Array.from(
    { length: count },
    (_, seed) => potential(SAMPLES, seeded(seed)),
  );
  const group = `leaveOneOutSums, ${count} repeats of ${SAMPLES} samples`;
  const simd = simdLeaveOneOutSums(repeats, SAMPLES);
  assert(simd !== undefined, "this machine has no WebAssembly SIMD");
  assertEquals(simd, plainLeaveOneOutSums(repeats, SAMPLES));
  Deno.bench({
    name: `TypeScript (${count})`,
    group,
    baseline: true,
    fn(): void {
      plainLeaveOneOutSums(repeats, SAMPLES);
    },
  });
  Deno.bench({
    name: `WebAssembly SIMD (${count})`,
    group,
    fn(): void {
      simdLeaveOneOutSums(repeats, SAMPLES);
    },
  });
}
