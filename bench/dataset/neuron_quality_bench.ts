import { assertAlmostEquals } from "../../tests/support/assert.ts";
import { plainNeuronQuality } from "../../tests/support/golden/plain.ts";
import { noise, seeded } from "../../tests/support/sessions/traces.ts";
import { neuronQuality } from "../../src/dataset/neuron_quality.ts";

const STIMULI = 51;
const REPEATS = 25;
const BINS = 600;
const random = seeded(1);
const cell = Array.from({ length: STIMULI }, () => {
  const common = noise(BINS, random);
  return Array.from(
    { length: REPEATS },
    () => noise(BINS, random).map((value, t) => value + (common[t] as number)),
  );
});
const group =
  `neuronQuality, a cell of ${STIMULI} stimuli, ${REPEATS} repeats, ${BINS} bins`;

const plain = plainNeuronQuality(cell, 126);
const { snr, ccmax } = neuronQuality(cell, { splits: "first" });
assertAlmostEquals(snr ?? NaN, plain.snr, 1e-9);
assertAlmostEquals(ccmax ?? NaN, plain.ccmax, 1e-9);

Deno.bench({
  name: "plain: average every half",
  group,
  baseline: true,
  n: 2,
  warmup: 0,
  fn(): void {
    plainNeuronQuality(cell, 126);
  },
});
Deno.bench({
  name: "products of repeats computed once",
  group,
  fn(): void {
    neuronQuality(cell, { splits: "first" });
  },
});
