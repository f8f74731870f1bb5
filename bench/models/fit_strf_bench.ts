import { NeuralDataset, type Tensor } from "rxephys";
import { fitStrf } from "rxephys/models";
import { LaggedProducts } from "../../src/models/_lagged_products.ts";

const [BANDS, LAGS, STIMS, BINS, CELLS] = [53, 20, 40, 500, 40];

/** Numbers from -0.5 to 0.5, the same in every run. */
function noise(length: number, seed: number): Float32Array {
  let state = seed + 1;
  return Float32Array.from({ length }, () => {
    state = Math.imul(state, 1664525) + 1013904223 >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

const stims = Array.from({ length: STIMS }, (_, s): Tensor => ({
  data: noise(BANDS * BINS, s),
  shape: [1, BANDS, BINS],
  dtMs: 5,
}));
const dataset = NeuralDataset.fromPairs({
  stims,
  stimMeta: stims.map(() => ({})),
  nrnMeta: Array.from({ length: CELLS }, () => ({})),
  pairs: stims.flatMap((_, stim) =>
    Array.from({ length: CELLS }, (_, cell) => ({
      stim,
      cell,
      response: { data: noise(5 * BINS, 99 * stim + cell), shape: [5, BINS] },
    }))
  ),
  tally: { range: 0, step: 0, xcorr: 0, kept: 5 * STIMS * CELLS },
});
const all = [...stims.keys()];
const split = { train: all.slice(8), val: all.slice(0, 8), test: [] };
const name = `fitStrf, ${BANDS} x ${LAGS} weights, ${STIMS * BINS} bins`;

const [alone] = fitStrf(dataset, { split, cells: [7] }).cells;
const among = fitStrf(dataset, { split }).cells[7];
const most = Math.max(
  ...alone?.weights.data.map((weight, i) =>
    Math.abs(weight - (among?.weights.data[i] ?? NaN))
  ) ?? [NaN],
);
if (!(most < 1e-8)) throw new Error(`Cells differ by ${most}`);

Deno.bench({
  ...{ name: "1 cell", group: name, baseline: true },
  fn: () => void fitStrf(dataset, { split, cells: [7] }),
});
Deno.bench({
  ...{ name: `${CELLS} cells`, group: name },
  fn: () => void fitStrf(dataset, { split }),
});

const rows = Array.from(
  { length: BANDS },
  (_, f) => Float64Array.from(noise(4000, f)),
);

/** Sums of products at lags, by their definition. */
function plainSums(): Float64Array {
  const out = new Float64Array(BANDS * BANDS * LAGS);
  let at = 0;
  for (const left of rows) {
    for (const right of rows) {
      for (let lag = 0; lag < LAGS; lag++) {
        let sum = 0;
        for (let t = lag; t < left.length; t++) {
          sum += (left[t] ?? NaN) * (right[t - lag] ?? NaN);
        }
        out[at++] = sum;
      }
    }
  }
  return out;
}

function spectralSums(): Float64Array {
  const products = new LaggedProducts(BANDS, BANDS, LAGS);
  products.add(rows, rows);
  return products.sums();
}

const expected = plainSums();
for (const [i, sum] of spectralSums().entries()) {
  if (!(Math.abs(sum - (expected[i] ?? NaN)) < 1e-9)) {
    throw new Error(`Sum ${i} is ${sum}, expected ${expected[i]}`);
  }
}
const products = `products of ${BANDS} x ${BANDS} rows at ${LAGS} lags`;
Deno.bench({
  ...{ name: "plain loops", group: products, baseline: true },
  fn: () => void plainSums(),
});
Deno.bench({
  ...{ name: "LaggedProducts", group: products },
  fn: () => void spectralSums(),
});
