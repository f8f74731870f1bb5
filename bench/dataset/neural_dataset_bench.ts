import { NeuralDataset, type Tensor } from "rxephys";
import { assertAlmostEquals } from "../../tests/support/assert.ts";
import { plainNeuronQuality } from "../../tests/support/golden/plain.ts";
import { seeded } from "../../tests/support/sessions/traces.ts";
import { itemAt } from "../../tests/support/item_at.ts";

const [CELLS, STIMULI, REPEATS, BINS] = [25, 51, 25, 1000];
const random = seeded(1);

/** Repeats of one response in one block, each with different noise. */
function response(): Tensor {
  const common = Float32Array.from({ length: BINS }, random);
  const data = new Float32Array(REPEATS * BINS);
  for (let i = 0; i < data.length; i++) {
    data[i] = (common[i % BINS] as number) + random();
  }
  return { data, shape: [REPEATS, BINS], dtMs: 5 };
}

const stim = { data: new Float32Array(BINS), shape: [1, 1, BINS], dtMs: 5 };
const data = NeuralDataset.fromPairs({
  stims: Array.from({ length: STIMULI }, () => stim),
  stimMeta: Array.from({ length: STIMULI }, () => ({})),
  nrnMeta: Array.from({ length: CELLS }, () => ({})),
  pairs: Array.from({ length: CELLS * STIMULI }, (_, i) => ({
    stim: Math.floor(i / CELLS),
    cell: i % CELLS,
    response: response(),
  })),
  tally: { range: 0, step: 0, xcorr: 0, kept: 0 },
});

function rows({ data }: Tensor): Float64Array[] {
  return Array.from(
    { length: REPEATS },
    (_, r) => Float64Array.from(data.subarray(r * BINS, (r + 1) * BINS)),
  );
}

/** Plain loop over a cell's stimuli and half splits. */
function plainQuality(cell: number): ReturnType<typeof plainNeuronQuality> {
  const heard = data.responses.map((row) => rows(itemAt(row, cell)));
  return plainNeuronQuality(heard, 126);
}

const quality = data.computeNeuronQuality();
for (const cell of [0, CELLS - 1]) {
  const plain = plainQuality(cell);
  assertAlmostEquals(quality[cell]?.snr ?? NaN, plain.snr, 1e-9);
  assertAlmostEquals(quality[cell]?.ccmax ?? NaN, plain.ccmax, 1e-9);
}
const group = `computeNeuronQuality, ${CELLS} cells, ${STIMULI} stimuli, ` +
  `${REPEATS} repeats, ${BINS} bins`;

Deno.bench({
  name: "plain: average every half",
  group,
  baseline: true,
  n: 1,
  warmup: 0,
  fn(): void {
    for (let cell = 0; cell < CELLS; cell++) plainQuality(cell);
  },
});
Deno.bench({
  name: "computeNeuronQuality",
  group,
  n: 5,
  warmup: 1,
  fn(): void {
    data.computeNeuronQuality();
  },
});
