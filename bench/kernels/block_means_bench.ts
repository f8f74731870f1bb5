import { assertClose } from "../../tests/support/close.ts";
import { plainBlockMeans } from "../../tests/support/golden/plain.ts";
import { potential, seeded } from "../../tests/support/sessions/traces.ts";
import { blockMeans } from "../../src/kernels/block_means.ts";

const trace = potential(60_000, seeded(1));
const group = "blockMeans, 60000 samples, blocks of 20";

assertClose(blockMeans(trace, 4000, 5), plainBlockMeans(trace, 20), 1e-12);

Deno.bench({
  name: "plain: a slice and a mean per bin",
  group,
  baseline: true,
  fn(): void {
    plainBlockMeans(trace, 20);
  },
});
Deno.bench({
  name: "blockMeans",
  group,
  fn(): void {
    blockMeans(trace, 4000, 5);
  },
});
