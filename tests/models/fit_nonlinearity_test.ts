import { FitError, NeuralDataset, type Tensor } from "rxephys";
import {
  fitNonlinearity,
  type FitNonlinearityOptions,
  fitStrf,
  StrfFit,
} from "rxephys/models";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";
import { assertWithin } from "../support/close.ts";
import { itemAt } from "../support/item_at.ts";
import { noise, seeded } from "../support/sessions/traces.ts";

const SPLIT = { train: [0, 1, 2, 3, 4, 5], val: [6], test: [7, 8] };

/** A cell that responds by `log(1 + exp(2 x))` to the level x of one band. */
function thresholded(): NeuralDataset {
  const random = seeded(11);
  const stims = Array.from({ length: 9 }, (): Tensor => ({
    data: Float32Array.from(noise(300, random)),
    shape: [1, 1, 300],
    dtMs: 5,
  }));
  const pairs = stims.map(({ data }, stim) => ({
    stim,
    cell: 0,
    response: {
      data: Float32Array.from(
        [...data, ...data],
        (x, i) =>
          Math.log1p(Math.exp(2 * x)) +
          (i < 300 ? 0.1 : -0.1) * Math.sin(i % 300),
      ),
      shape: [2, 300],
    },
  }));
  return NeuralDataset.fromPairs({
    stims,
    stimMeta: stims.map(() => ({})),
    nrnMeta: [{}],
    pairs,
    tally: { range: 0, step: 0, xcorr: 0, kept: 18 },
  });
}

Deno.test("fitNonlinearity: a threshold is found, and predicts better", () => {
  const dataset = thresholded();
  const linear = fitStrf(dataset, { split: SPLIT, historyMs: 5 });
  const before = structuredClone(linear.toJson());
  const curved = fitNonlinearity(linear, dataset, { split: SPLIT });
  assertEquals(linear.toJson(), before);
  const [flat] = linear.score(dataset, SPLIT);
  const [bent] = curved.score(dataset, SPLIT);
  assert((flat?.fve ?? 1) < 0.97, `${flat?.fve}`);
  assertWithin([bent?.fve ?? NaN, bent?.cc ?? NaN], [1, 1], 1e-6);
  const stim = itemAt(dataset.stims, 8);
  assertEquals(
    curved.predict(stim, { linear: true }),
    linear.predict(stim),
  );
  assertEquals(
    StrfFit.fromJson(curved.toJson()).predict(stim),
    curved.predict(stim),
  );
  const sigmoid = fitNonlinearity(curved, dataset, {
    split: [SPLIT],
    kind: "sigmoid",
  });
  assertEquals(sigmoid.cells[0]?.nonlinearity?.kind, "sigmoid");
});

Deno.test("fitNonlinearity: refusals", () => {
  const dataset = thresholded();
  const fit = fitStrf(dataset, { split: SPLIT, historyMs: 5 });
  assertThrows(
    () => {
      const options = { split: SPLIT, kind: "relu" };
      fitNonlinearity(
        fit,
        dataset,
        options as unknown as FitNonlinearityOptions,
      );
    },
    RangeError,
    "Cannot fit an output stage: kind is relu, expected softplus or sigmoid",
  );
  const none = { ...SPLIT, train: [] };
  assertThrows(
    () => fitNonlinearity(fit, dataset, { split: none }),
    FitError,
    "Cannot fit an output stage: the training stimuli of cell 0 give too few " +
      "different predictions, expected at least four bins",
  );
});
