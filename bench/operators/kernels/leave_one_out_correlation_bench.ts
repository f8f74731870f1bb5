import { assertClose } from "../../../tests/_close.ts";
import { plainLeaveOneOutCorrelation } from "../../../tests/_plain.ts";
import { potential, seeded } from "../../../tests/_traces.ts";
import { leaveOneOutCorrelation } from "../../../src/operators/kernels/leave_one_out_correlation.ts";

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
    name: `a median for each repeat (${count})`,
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
