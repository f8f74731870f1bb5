import { NeuralDataset, type Pair, type Tensor } from "rxephys";
import { answerOf, type LinearField } from "../../examples/models/ridge.ts";
import { type CellSplit, splitOf } from "../../examples/models/split_of.ts";
import {
  batchesOf,
  fitStrf,
  predictions,
  type StrfFit,
} from "../../examples/models/strf.ts";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { assertWithin } from "../support/close.ts";
import { seeded, whole } from "../support/sessions/traces.ts";
import { itemAt } from "../support/item_at.ts";

const BANDS = 3;
const FIELD: LinearField = {
  bands: BANDS,
  lags: 2,
  weights: Float64Array.of(1, -0.5, 0, 2, 0.25, 0),
  offset: -1,
};

/**
 * Two cells that respond to levels around 40 dB by {@linkcode FIELD} and by its
 * negative. Both hear the last stimulus; of the others, each hears every second
 * one. The first cell has two repeats, the second one, and each stimulus has its
 * own length, so that batches are padded.
 */
function ragged(stimuli: number, nrnMeta = [{}, {}]): NeuralDataset {
  const random = seeded(5);
  const stims: Tensor[] = [];
  const pairs: Pair[] = [];
  for (let stim = 0; stim < stimuli; stim++) {
    const bins = 2 * whole(random, 15, 30);
    const levels = balanced(bins, random);
    const answer = answerOf(FIELD, levels);
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

function fitOf(dataset: NeuralDataset, cell: number): Promise<StrfFit> {
  const heard = dataset.nrnMasks.flatMap((row, s) => row[cell] ? [s] : []);
  const split = { train: heard.slice(1), val: heard.slice(0, 1), test: [] };
  return fitStrf(dataset, cell, split, { lags: 2, ridges: [1, 1e-9, 10] });
}

Deno.test("fitStrf: fits the mean over the repeats, cell by cell", async () => {
  const dataset = ragged(21);
  dataset.selectNeurons(1);
  for (const [cell, sign] of [[0, 1], [1, -1]] as const) {
    const { ridge, field, means, deviations } = await fitOf(dataset, cell);
    assertEquals(ridge, 1e-9);
    assertEquals([...means], [40, 40, 40]);
    const weights = field.weights.map((weight, i) =>
      sign * weight / itemAt(deviations, Math.floor(i / field.lags))
    );
    // They differ by the penalty of 1e-9.
    assertWithin(weights, FIELD.weights, 1e-7);
    assertWithin([sign * field.offset], [FIELD.offset], 1e-7);
  }
  assertEquals(dataset.selectedNeurons, [0, 1]);
});

Deno.test("fitStrf: refuses a cell that heard none of the stimuli", async () => {
  const split = { train: [1], val: [3], test: [] };
  const options = { lags: 2, ridges: [1] };
  await assertRejects(
    () => fitStrf(ragged(7), 0, split, options),
    RangeError,
    "Cannot fit a field: sum of weights is 0",
  );
});

Deno.test("fitStrf: a constant band has no weight", async () => {
  const dataset = ragged(21);
  for (const { data, shape } of dataset.stims) {
    data.subarray(shape[2], 2 * itemAt(shape, 2)).fill(-33.3);
  }
  const { field, means, deviations } = await fitOf(dataset, 0);
  assertEquals([means[1], deviations[1]], [Math.fround(-33.3), 1]);
  assertWithin(field.weights.subarray(2, 4), [0, 0], 1e-12);
});

Deno.test("predictions: each stimulus of a padded batch", async () => {
  const dataset = ragged(9);
  const fit = await fitOf(dataset, 0);
  const batches = await Array.fromAsync(batchesOf(dataset, 0, [0, 2, 4], 3));
  const batch = itemAt(batches, 0);
  const { data, shape } = predictions(fit, batch);
  assertEquals(shape, [3, 1, itemAt(batch.responses.shape, 3)]);
  for (const [b, s] of [0, 2, 4].entries()) {
    const levels = Float64Array.from(
      itemAt(dataset.stims, s).data,
      (x) => x - 40,
    );
    const from = b * itemAt(shape, 2);
    const answer = answerOf(FIELD, levels);
    assertWithin(data.subarray(from, from + answer.length), answer, 1e-5);
  }
});

Deno.test("splitOf: published if it adds up, otherwise by the seed", async () => {
  const counts = (split: CellSplit | undefined): number[] | undefined =>
    split && [split.train, split.val, split.test].map(({ length }) => length);
  // Cells 4 and 3 have 1/1/1 and 7/1/1; here they heard 3 and 2 or 12 and 10.
  const few = ragged(4, [{ wehrCellIdx: 4 }, { wehrCellIdx: 3 }]);
  assertEquals(await splitOf(few, 0, 1), {
    origin: "published",
    ...{ train: [0], val: [2], test: [3] },
  });
  assertEquals(await splitOf(few, 1, 1), undefined);

  const many = ragged(20, [{ wehrCellIdx: 3 }, {}]);
  const split = await splitOf(many, 0, 1);
  assertEquals(split?.origin, "seeded");
  assertEquals(counts(split), [7, 2, 2]);
  assertEquals(await splitOf(many, 0, 1), split);
  assert(String((await splitOf(many, 0, 2))?.test) !== String(split?.test));
  const all = [split?.train, split?.val, split?.test].flat();
  assertEquals(
    all.toSorted((a, b) => Number(a) - Number(b)),
    many.nrnMasks.flatMap((row, s) => row[0] ? [s] : []),
  );
  assertEquals(many.selectedNeurons, [0, 1]);
});
