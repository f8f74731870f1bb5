import { NeuralDataset, type Tensor } from "rxephys";
import { assertEquals } from "../../tests/support/assert.ts";
import { noise, seeded, whole } from "../../tests/support/sessions/traces.ts";
import type { Batch } from "../../src/dataset/collate.ts";
import { itemAt } from "../../tests/support/item_at.ts";

const [STIMULI, CELLS, BANDS, SIZE] = [51, 25, 53, 8];
const random = seeded(1);
const tensor = (...shape: number[]): Tensor => ({
  data: Float32Array.from(noise(shape.reduce((a, b) => a * b), random)),
  shape,
  dtMs: 5,
});
const bins = Array.from({ length: STIMULI }, () => whole(random, 400, 1600));
const data = NeuralDataset.fromPairs({
  stims: bins.map((T) => tensor(1, BANDS, T)),
  stimMeta: bins.map(() => ({})),
  nrnMeta: Array.from({ length: CELLS }, () => ({})),
  pairs: bins.flatMap((T, stim) =>
    Array.from({ length: CELLS }, (_, cell) => cell)
      .filter((cell) => cell === 0 || random() < 0.22)
      .map((cell) => ({
        stim,
        cell,
        response: tensor(whole(random, 2, 25), T),
      }))
  ),
  tally: { range: 0, step: 0, xcorr: 0, kept: 0 },
});

/** Plain loop that reads every element by its indices. */
function plainBatch(indices: readonly number[]): Omit<Batch, "stimMeta"> {
  const B = indices.length;
  const heard = indices.map((s) => itemAt(data.responses, s));
  const T = Math.max(...indices.map((s) => itemAt(bins, s)));
  const R = Math.max(...heard.flat().map(({ shape }) => itemAt(shape, 0)));
  const stims = new Float32Array(B * BANDS * T);
  const responses = new Float32Array(B * CELLS * R * T).fill(NaN);
  for (const [b, s] of indices.entries()) {
    const { data: levels } = itemAt(data.stims, s);
    const length = itemAt(bins, s);
    for (let f = 0; f < BANDS; f++) {
      for (let t = 0; t < length; t++) {
        stims[(b * BANDS + f) * T + t] = levels[f * length + t] as number;
      }
    }
    for (const [n, { data: own, shape }] of itemAt(heard, b).entries()) {
      const [rows = 0, columns = 0] = shape;
      for (let r = 0; r < rows; r++) {
        for (let t = 0; t < columns; t++) {
          const at = ((b * CELLS + n) * R + r) * T + t;
          responses[at] = own[r * columns + t] as number;
        }
      }
    }
  }
  const shape = [B, CELLS, R, T];
  const valid = responses.map((value) => Number.isNaN(value) ? 0 : 1);
  return {
    stims: { data: stims, shape: [B, 1, BANDS, T], dtMs: 5 },
    responses: { data: responses, shape, dtMs: 5 },
    validMask: { data: valid, shape, dtMs: 5 },
    indices,
  };
}

let megabytes = 0;
for await (const { stimMeta: _, ...batch } of data.batches({ size: SIZE })) {
  assertEquals(batch, plainBatch(batch.indices));
  const { stims, responses, validMask } = batch;
  for (const { data } of [stims, responses, validMask]) {
    megabytes += data.byteLength / 1e6;
  }
}
const group = `an epoch: ${Math.ceil(STIMULI / SIZE)} batches of ${SIZE}, ` +
  `${Math.round(megabytes)} MB in all`;

Deno.bench({
  name: "plain: element by element",
  group,
  baseline: true,
  n: 3,
  warmup: 1,
  fn(): void {
    for (let at = 0; at < STIMULI; at += SIZE) {
      const end = Math.min(at + SIZE, STIMULI);
      plainBatch(Array.from({ length: end - at }, (_, i) => at + i));
    }
  },
});
Deno.bench({
  name: "batches",
  group,
  async fn(): Promise<void> {
    for await (const _ of data.batches({ size: SIZE }));
  },
});
Deno.bench({
  name: "batches, shuffled",
  group,
  async fn(): Promise<void> {
    for await (const _ of data.batches({ size: SIZE, shuffle: true }));
  },
});
