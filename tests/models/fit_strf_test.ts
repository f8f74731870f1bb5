import {
  type CellMeta,
  FitError,
  NeuralDataset,
  type Pair,
  type Tensor,
} from "rxephys";
import { fitStrf, type FitStrfOptions, StrfFit } from "rxephys/models";
import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "../support/assert.ts";
import { assertWithin } from "../support/close.ts";
import { itemAt } from "../support/item_at.ts";
import { seeded, whole } from "../support/sessions/traces.ts";

const BANDS = 3;
const FIELD = [1, -0.5, 0, 2, 0.25, 0];
const OFFSET = -1;

/** Response of {@linkcode FIELD} to levels `(3, T)`. */
function answerOf(levels: Float64Array): Float64Array {
  const bins = levels.length / BANDS;
  return Float64Array.from(
    { length: bins },
    (_, t) =>
      FIELD.reduce((sum, weight, i) => {
        const [band, lag] = [Math.floor(i / 2), i % 2];
        return lag > t
          ? sum
          : sum + weight * itemAt(levels, band * bins + t - lag);
      }, OFFSET),
  );
}

/**
 * Two cells that respond to levels around 40 dB by {@linkcode FIELD} and by its
 * negative. Both hear the last stimulus; of the others, each hears every second
 * one. The first cell has two repeats, the second one, and each stimulus has its
 * own length, so that batches are padded.
 */
function ragged(
  stimuli: number,
  nrnMeta: readonly CellMeta[] = [{}, {}],
): NeuralDataset {
  const random = seeded(5);
  const stims: Tensor[] = [];
  const pairs: Pair[] = [];
  for (let stim = 0; stim < stimuli; stim++) {
    const bins = 2 * whole(random, 15, 30);
    const levels = balanced(bins, random);
    const answer = answerOf(levels);
    stims.push(tensor([levels.map((x) => 40 + x)], [1, BANDS, bins]));
    for (const cell of [0, 1]) {
      if (stim % 2 !== cell && stim < stimuli - 1) continue;
      const repeats = cell === 0
        ? twoRepeats(answer, random)
        : [answer.map((y) => -y)];
      const response = tensor(repeats, [repeats.length, bins]);
      pairs.push({ stim, cell, response });
    }
  }
  const tally = { range: 0, step: 0, xcorr: 0, kept: pairs.length };
  const stimMeta = stims.map(() => ({}));
  return NeuralDataset.fromPairs({ stims, stimMeta, nrnMeta, pairs, tally });
}

/** Bands with a mean of exactly zero, so that the fitted field is exact. */
function balanced(bins: number, random: () => number): Float64Array {
  const levels = new Float64Array(BANDS * bins);
  for (let band = 0; band < BANDS; band++) {
    for (let t = 0; t < bins / 2; t++) {
      const level = whole(random, -640, 640) / 64;
      levels[band * bins + t] = level;
      levels[(band + 1) * bins - 1 - t] = -level;
    }
  }
  return levels;
}

/** Two repeats whose mean is the response. */
function twoRepeats(
  answer: Float64Array,
  random: () => number,
): Float64Array[] {
  const off = answer.map(() => whole(random, -99, 99) / 64);
  return [
    answer.map((y, t) => y + itemAt(off, t)),
    answer.map((y, t) => y - itemAt(off, t)),
  ];
}

function tensor(rows: readonly Float64Array[], shape: number[]): Tensor {
  const data = Float32Array.from(rows.flatMap((row) => [...row]));
  return { data, shape, dtMs: 5 };
}

/** Options of an exact fit: one stimulus chooses the penalty. */
function exact(
  { nrnMasks }: NeuralDataset,
  cell: number,
): Pick<FitStrfOptions, "split" | "historyMs" | "ridges"> {
  const heard = nrnMasks.flatMap((row, s) => row[cell] ? [s] : []);
  const split = { train: heard.slice(1), val: heard.slice(0, 1), test: heard };
  return { split, historyMs: 10, ridges: [1, 1e-9, 10] };
}

/** Weights per dB. */
function perDb({ cells }: StrfFit, place: number): number[] {
  const { weights, deviations } = itemAt(cells, place);
  return [...weights.data].map((weight, i) =>
    weight / itemAt(deviations, Math.floor(i / 2))
  );
}

Deno.test("fitStrf: fits the mean over the repeats, cell by cell", () => {
  const dataset = ragged(21);
  const splits = [0, 1].map((cell) => exact(dataset, cell));
  const { historyMs, ridges } = itemAt(splits, 0);
  const split = splits.map(({ split }) => split).flat();
  const fit = fitStrf(dataset, { split, historyMs, ridges } as FitStrfOptions);
  for (const [cell, sign] of [[0, 1], [1, -1]] as const) {
    const { ridge, offset, means, valFve } = itemAt(fit.cells, cell);
    assertEquals(ridge, 1e-9);
    assertEquals(means, [40, 40, 40]);
    // They differ by the penalty of 1e-9, and by the rounding of weights.
    const weights = perDb(fit, cell).map((weight) => sign * weight);
    assertWithin(weights, FIELD, 2e-7);
    assertWithin([sign * offset], [OFFSET], 1e-7);
    assertWithin([valFve], [1], 1e-9);
  }
});

Deno.test("fitStrf: the selected cells, in their order", () => {
  const dataset = ragged(21);
  const { split: _, ...options } = exact(dataset, 1);
  dataset.selectNeurons([1, 0]);
  const all = [...dataset.stims.keys()];
  const split = { train: all.slice(1), val: [], test: [] };
  const fit = fitStrf(dataset, { ...options, split });
  assertEquals(fit.cells.map(({ index }) => index), [1, 0]);
  assertEquals(fit.cells.map(({ label }) => label), ["cell 1", "cell 0"]);
  const alone = fitStrf(dataset, { ...options, split, cells: [0] });
  assertEquals(alone.cells[0], fit.cells[1]);
  assertEquals(dataset.selectedNeurons, [1, 0]);
});

Deno.test("fitStrf: cells with the same repeats give what each gives alone", () => {
  const dataset = ragged(12);
  const copies = 6;
  const pairs = dataset.stims.flatMap((_, stim) =>
    Array.from({ length: copies }, (_, cell) => {
      const { data, shape } = itemAt(itemAt(dataset.responses, 11), 0);
      const bins = itemAt(itemAt(dataset.stims, stim).shape, 2);
      const random = seeded(100 * cell + stim);
      const values = Float32Array.from(
        { length: 2 * bins },
        (_, i) => (data[i % data.length] ?? 0) + whole(random, -9, 9) / 8,
      );
      assertEquals(shape[0], 2);
      return { stim, cell, response: { data: values, shape: [2, bins] } };
    })
  );
  const { stims, stimMeta, tally } = dataset;
  const nrnMeta = Array.from(
    { length: copies },
    (_, i) => ({ cellId: `c${i}` }),
  );
  const many = NeuralDataset.fromPairs({
    stims,
    stimMeta,
    nrnMeta,
    tally,
    pairs,
  });
  for (const val of [[], [0, 1]]) {
    const split = { train: [2, 3, 4, 5, 6, 7, 8], val, test: [9, 10, 11] };
    const fit = fitStrf(many, { split, historyMs: 15 });
    assertEquals(
      fit.cells.map(({ label }) => label).join(),
      "c0,c1,c2,c3,c4,c5",
    );
    for (const [cell, { weights, ridge, offset }] of fit.cells.entries()) {
      const alone = itemAt(
        fitStrf(many, { split, historyMs: 15, cells: [cell] }).cells,
        0,
      );
      assertEquals([alone.ridge, alone.label], [ridge, `c${cell}`]);
      assertWithin(weights.data, alone.weights.data, 1e-6);
      assertWithin([offset], [alone.offset], 1e-9);
    }
  }
});

Deno.test("fitStrf: cross-validation chooses the penalty of least error", () => {
  const dataset = ragged(24);
  const train = dataset.nrnMasks.flatMap((row, s) => row[0] ? [s] : []);
  const options = { cells: [0], historyMs: 10, folds: 4 };
  const split = { train, val: [], test: [] };
  const ridges = [10, 1e-6, 1];
  const { cells } = fitStrf(dataset, { ...options, split, ridges });
  assertEquals(cells[0]?.ridge, 1e-6);
  const folds = [0, 1, 2, 3].map((fold) => ({
    train: train.filter((_, i) => i % 4 !== fold),
    val: train.filter((_, i) => i % 4 === fold),
    test: [],
  }));
  // The fits of the folds, whose bands have scales of their own.
  const fves = folds.map((split) =>
    fitStrf(dataset, { ...options, split, ridges: [1] }).cells[0]?.valFve ?? NaN
  );
  const one = fitStrf(dataset, { ...options, split, ridges: [1, 1] });
  const mean = fves.reduce((a, b) => a + b) / 4;
  assertWithin([one.cells[0]?.valFve ?? NaN], [mean], 0.05);
  const unchosen = fitStrf(dataset, { ...options, split, ridges: [1] });
  assertEquals(unchosen.cells[0]?.valFve, NaN);
  assertWithin(
    unchosen.cells[0]?.weights.data ?? [],
    one.cells[0]?.weights.data ?? [],
    1e-6,
  );
});

/** Makes bins of all responses of a cell NaN. */
function invalidate(
  { responses, nrnMasks }: NeuralDataset,
  cell: number,
  isInvalid: (t: number, bins: number) => boolean,
): void {
  for (const [s, row] of responses.entries()) {
    if (!nrnMasks[s]?.[cell]) continue;
    const { data, shape } = itemAt(row, cell);
    const bins = itemAt(shape, 1);
    for (let i = 0; i < data.length; i++) {
      if (isInvalid(i % bins, bins)) data[i] = NaN;
    }
  }
}

Deno.test("fitStrf: bins that are NaN have no influence", () => {
  const dataset = ragged(21);
  const options = { ...exact(dataset, 0), cells: [0] };
  invalidate(dataset, 0, (t) => t === 3 || t === 4 || t === 9);
  assertWithin(perDb(fitStrf(dataset, options), 0), FIELD, 2e-7);
});

Deno.test("fitStrf: bins after the last valid one might not be there", () => {
  const dataset = ragged(21);
  const options = { ...exact(dataset, 0), cells: [0] };
  const cut = ({ data, shape }: Tensor): Tensor => {
    const bins = itemAt(shape, shape.length - 1);
    const kept = data.filter((_, i) => i % bins < bins - 3);
    return { data: kept, shape: [...shape.slice(0, -1), bins - 3], dtMs: 5 };
  };
  const { stims, responses, stimMeta, nrnMeta, tally, nrnMasks } = dataset;
  const shorter = NeuralDataset.fromPairs({
    ...{ stimMeta, nrnMeta, tally },
    stims: stims.map(cut),
    pairs: responses.flatMap((row, stim) =>
      nrnMasks[stim]?.[0]
        ? [{ stim, cell: 0, response: cut(itemAt(row, 0)) }]
        : []
    ),
  });
  invalidate(dataset, 0, (t, bins) => t >= bins - 3);
  assertEquals(
    fitStrf(dataset, options).cells,
    fitStrf(shorter, options).cells,
  );
});

Deno.test("fitStrf: a constant band has no weight", () => {
  const dataset = ragged(21);
  for (const { data, shape } of dataset.stims) {
    data.subarray(shape[2], 2 * itemAt(shape, 2)).fill(-33.3);
  }
  const fit = fitStrf(dataset, { ...exact(dataset, 0), cells: [0] });
  const { means, deviations, weights } = itemAt(fit.cells, 0);
  assertEquals([means[1], deviations[1]], [Math.fround(-33.3), 1]);
  assertWithin(weights.data.subarray(2, 4), [0, 0], 1e-12);
});

Deno.test("fitStrf: data that do not determine a field", () => {
  const dataset = ragged(7);
  const none = { train: [1], val: [3], test: [] };
  assertThrows(
    () => fitStrf(dataset, { split: none, cells: [0] }),
    FitError,
    "Cannot fit a STRF: cell 0 heard none of its training stimuli, expected at " +
      "least one",
  );
  const one = { train: [0], val: [], test: [] };
  assertThrows(
    () => fitStrf(dataset, { split: one, cells: [0] }),
    FitError,
    "Cannot fit a STRF: cell 0 heard 1 training stimulus and none for " +
      "validation, expected two to choose a ridge",
  );
  const options = { cells: [0], ridges: [0], historyMs: 200 };
  assertThrows(
    () => fitStrf(dataset, { split: { ...one, train: [0, 2] }, ...options }),
    FitError,
    "Cannot fit a STRF: the equations of 120 weights are singular at ridge 0, " +
      "expected more stimuli or a larger ridge",
  );
});

Deno.test("fitStrf: refuses bad options by name", () => {
  const dataset = ragged(7);
  const split = { train: [0, 2], val: [], test: [] };
  const refused = (
    options: object,
    Kind: typeof RangeError | typeof TypeError,
    message: string,
  ): void => {
    assertThrows(
      () => fitStrf(dataset, { split, ...options } as FitStrfOptions),
      Kind,
      message,
    );
  };
  const act = "Cannot fit a STRF: ";
  refused(
    { ridge: 1 },
    RangeError,
    `${act}there is no option ridge, expected ridges`,
  );
  refused(
    { ridges: [] },
    RangeError,
    `${act}number of ridges is 0, expected 1 to 9007199254740991`,
  );
  refused(
    { ridges: [-1] },
    RangeError,
    `${act}ridge is -1, expected at least 0`,
  );
  refused(
    { historyMs: 0 },
    RangeError,
    `${act}historyMs is 0, expected a number above 0, at most 60000`,
  );
  refused(
    { folds: 1 },
    RangeError,
    `${act}folds is 1, expected 2 to 9007199254740991`,
  );
  refused(
    { cells: [] },
    RangeError,
    `${act}number of cells is 0, expected 1 to 9007199254740991`,
  );
  refused({ cells: [2] }, RangeError, `${act}cell is 2, expected 0 to 1`);
  refused(
    { split: [split] },
    RangeError,
    `${act}number of splits is 1, expected one, or one for each of 2 cells`,
  );
  refused(
    { split: { train: [0, 0], val: [], test: [] } },
    RangeError,
    `${act}stimulus in train is 0 twice, expected each once`,
  );
  refused(
    { split: { train: [7], val: [], test: [] } },
    RangeError,
    `${act}stimulus in train is 7, expected 0 to 6`,
  );
  refused(
    { split: { train: [0] } },
    TypeError,
    `${act}val of a split is undefined, expected a list of stimuli`,
  );
  itemAt(dataset.stims, 2).data[4] = NaN;
  refused(
    {},
    RangeError,
    `${act}value 4 of stimulus 2 is NaN, expected a finite level`,
  );
});

Deno.test("StrfFit.predict: each stimulus of a padded batch", async () => {
  const dataset = ragged(9);
  const fit = fitStrf(dataset, { ...exact(dataset, 0), cells: [0] });
  dataset.selectNeurons(0);
  dataset.selectStims([0, 2, 4]);
  const [batch] = await Array.fromAsync(dataset.batches({ size: 3 }));
  if (batch === undefined) throw new Error("no batch");
  const { data, shape } = fit.predict(batch.stims);
  assertEquals(shape, [3, 1, itemAt(batch.responses.shape, 3)]);
  for (const [b, s] of [0, 2, 4].entries()) {
    const stim = itemAt(dataset.stims, s);
    const answer = answerOf(Float64Array.from(stim.data, (x) => x - 40));
    const from = b * itemAt(shape, 2);
    assertWithin(data.subarray(from, from + answer.length), answer, 1e-5);
    assertWithin(fit.predict(stim).data, answer, 1e-5);
  }
});

Deno.test("StrfFit.predict: refuses other bands and bins", () => {
  const dataset = ragged(9);
  const fit = fitStrf(dataset, { ...exact(dataset, 0), cells: [0] });
  const stim = (shape: number[], more = {}): Tensor => ({
    data: new Float32Array(shape.reduce((a, b) => a * b)),
    shape,
    ...more,
  });
  assertThrows(
    () => fit.predict(stim([1, 4, 9])),
    RangeError,
    "Cannot predict: shape of stims is 1,4,9, expected 1,3,T or B,1,3,T",
  );
  assertThrows(
    () => fit.predict(stim([1, 3, 9], { dtMs: 4 })),
    RangeError,
    "Cannot predict: dtMs is 4, expected 5 as in the fit",
  );
  const json = { ...fit.toJson(), bandsHz: [100, 200, 400] };
  assertThrows(
    () =>
      StrfFit.fromJson(json).predict(
        stim([1, 3, 9], { bandsHz: [100, 210, 400] }),
      ),
    RangeError,
    "Cannot predict: band 1 is at 210 Hz, expected 200 Hz as in the fit",
  );
});

Deno.test("StrfFit.score: a cell without test stimuli has none", () => {
  const dataset = ragged(9);
  const options = exact(dataset, 0);
  const fit = fitStrf(dataset, { ...options, cells: [0] });
  const [score] = fit.score(dataset, options.split);
  assertEquals(score?.stimuli, 5);
  assertWithin([score?.cc ?? NaN, score?.fve ?? NaN], [1, 1], 1e-6);
  const none = { train: [], val: [], test: [1] };
  assertEquals(fit.score(dataset, none), [
    { label: "cell 0", stimuli: 0, cc: NaN, ccNorm: NaN, fve: NaN },
  ]);
});

Deno.test("StrfFit: shows its cells in a notebook, as text", () => {
  const dataset = ragged(9, [{ cellId: "<img onerror=alert(1)>" }, {}]);
  const fit = fitStrf(dataset, { ...exact(dataset, 0), cells: [0] });
  const show = Reflect.get(fit, Symbol.for("Jupyter.display"));
  const content = show();
  assertStringIncludes(content["text/html"], "&#60;img onerror=alert(1)&#62;");
  assert(!content["text/html"].includes("<img"));
  assertEquals(
    content["text/plain"],
    "StrfFit of 1 cells, 3 bands, 2 lags of 5 ms",
  );
  assertEquals(Deno.inspect(fit), content["text/plain"]);
});
