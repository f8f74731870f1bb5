import { assertEquals, assertThrows } from "../../support/assert.ts";
import { kernelReferences } from "../../support/golden/kernel_references.ts";
import { noise, seeded } from "../../support/sessions/traces.ts";
import { itemAt } from "../../support/item_at.ts";
import { gateReasons } from "../../../src/kernels/gate/gate_reasons.ts";

for (const { rateHz, input, output } of kernelReferences().gateReasons) {
  const lengths = input.map((repeat) => repeat.length);
  Deno.test(`gateReasons equals NumPy for repeats of [${lengths}]: ${output}`, () => {
    const repeats = input.map((repeat) => Float64Array.from(repeat));
    const before = repeats.map((repeat) => repeat.slice());
    assertEquals(gateReasons(repeats, rateHz, 150, 30, 5e-3, 0.05), [
      ...output,
    ] as unknown);
    assertEquals(repeats, before);
  });
}

Deno.test("gateReasons names the first test that fails", () => {
  const repeats = [1, 2, 3].map((seed) => noise(400, seeded(seed)));
  itemAt(repeats, 1).fill(500, 100, 300);
  const reasons = (maxAbs: number, step: number, least: number): string[] =>
    gateReasons(repeats, 1000, maxAbs, step, 5e-3, least);
  assertEquals(reasons(150, 30, 1), ["xcorr", "range", "xcorr"]);
  assertEquals(reasons(501, 30, 1), ["xcorr", "step", "xcorr"]);
  assertEquals(reasons(501, 501, 1), ["xcorr", "xcorr", "xcorr"]);
  assertEquals(reasons(501, 501, -1), ["kept", "kept", "kept"]);
});

Deno.test("gateReasons refuses a sample that is not finite", () => {
  const repeats = [Float64Array.of(1, 2), Float64Array.of(1, Infinity)];
  assertThrows(
    () => gateReasons(repeats, 1000, 150, 30, 5e-3, 0.05),
    RangeError,
    "Cannot gate repeats: sample 1 of repeat 1 is Infinity, expected a finite",
  );
});
