import { assertEquals } from "../support/assert.ts";
import { assertClose } from "../support/close.ts";
import { goldenCases } from "../support/golden/golden_operators.ts";
import { plainBlockMeans } from "../support/golden/plain.ts";
import { noise, seeded, whole } from "../support/sessions/traces.ts";
import { blockMeans } from "../../src/kernels/block_means.ts";

for (const { name, params, input, output } of goldenCases("bin")) {
  Deno.test(`blockMeans equals NumPy: ${name}, ${input.shape}`, () => {
    const x = Float64Array.from(input.data);
    const out = blockMeans(x, params.sampleRateHz, params.dtMs);
    assertClose(out, output.data, 1e-9);
  });
}

Deno.test("blockMeans equals the mean of each slice", () => {
  const random = seeded(1);
  for (let round = 0; round < 200; round++) {
    const x = noise(whole(random, 0, 90), random);
    const block = whole(random, 1, 30);
    assertClose(
      blockMeans(x, 1000, block),
      plainBlockMeans(x, block),
      1e-12,
      `round ${round}`,
    );
  }
});

Deno.test("blockMeans rounds its block half to even, at least to one sample", () => {
  const x = Float64Array.from({ length: 8 }, (_, i) => i);
  assertEquals(blockMeans(x, 1000, 2.5), Float64Array.of(0.5, 2.5, 4.5, 6.5));
  assertEquals(blockMeans(x, 1000, 3.5), Float64Array.of(1.5, 5.5));
  assertEquals(blockMeans(x, 1000, 0.2), x);
});

Deno.test("blockMeans of an empty trace is empty; the input stays unchanged", () => {
  assertEquals(blockMeans(new Float64Array(0), 4000, 5), new Float64Array(0));
  const x = noise(50, seeded(2));
  const before = x.slice();
  blockMeans(x, 1000, 7);
  assertEquals(x, before);
});
