import {
  NeuralDataset,
  normalizeResponses,
  standardizeStims,
  type Tensor,
} from "rxephys";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";
import { randomDataset } from "../support/sessions/random_dataset.ts";
import { itemAt } from "../support/item_at.ts";

interface StoredTensor {
  readonly shape: number[];
  readonly data: number[];
}

interface Reference {
  readonly stims: StoredTensor[];
  readonly responses: (StoredTensor | null)[][];
  readonly standardized: {
    readonly indices: number[];
    readonly perBand: boolean;
    readonly mean: number[];
    readonly std: number[];
    readonly stims: number[][];
  }[];
  readonly normalized: {
    readonly indices: number[];
    readonly method: "max" | "zscore";
    readonly offset: number[];
    readonly scale: number[];
    readonly responses: (number[] | null)[][];
  }[];
}

const REFERENCE: Reference = JSON.parse(
  await Deno.readTextFile(
    new URL("../fixtures/standardize/values.json", import.meta.url),
  ),
);

function tensorOf({ shape, data }: StoredTensor): Tensor {
  return { shape, data: Float32Array.from(data), dtMs: 5 };
}

function dataset(): NeuralDataset {
  return NeuralDataset.fromPairs({
    stims: REFERENCE.stims.map((stim) => ({ ...tensorOf(stim), unit: "dB" })),
    stimMeta: REFERENCE.stims.map((_, s) => ({ description: String(s) })),
    nrnMeta: [{ cellId: "a" }, { cellId: "b" }, { cellId: "c" }],
    pairs: REFERENCE.responses.flatMap((row, stim) =>
      row.flatMap((stored, cell) =>
        stored ? [{ stim, cell, response: tensorOf(stored) }] : []
      )
    ),
    tally: { range: 1, step: 2, xcorr: 3, kept: 4 },
  });
}

/** Bound for float32 values up to 10, some of them divided by a deviation of 1e-8. */
function assertNear(found: ArrayLike<number>, expected: number[]): void {
  assertEquals(found.length, expected.length);
  for (const [i, value] of expected.entries()) {
    const limit = 1e-6 * Math.max(1, Math.abs(value));
    assert(Math.abs((found[i] as number) - value) <= limit, `${i}`);
  }
}

for (const { indices, perBand, mean, std, stims } of REFERENCE.standardized) {
  Deno.test(`standardizeStims equals NumPy: stimuli ${indices}, ${perBand ? "per band" : "all bands together"}`, () => {
    const before = dataset();
    const found = standardizeStims(before, {
      perBand,
      ...(indices.length < 3 && { stims: indices }),
    });
    assertNear(found.mean, mean);
    assertNear(found.std, std);
    for (const [s, { data, unit, shape }] of found.dataset.stims.entries()) {
      assertNear(data, itemAt(stims, s));
      assertEquals(unit, undefined);
      assertEquals(shape, itemAt(REFERENCE.stims, s).shape);
    }
    const unchanged = dataset();
    assertEquals(before.stims, unchanged.stims);
    assertEquals(found.dataset.responses, unchanged.responses);
    assertEquals(found.dataset.nrnMeta, unchanged.nrnMeta);
    assertEquals(found.dataset.tally, unchanged.tally);
  });
}

for (const { indices, method, ...expected } of REFERENCE.normalized) {
  Deno.test(`normalizeResponses equals NumPy: ${method} of stimuli ${indices}`, () => {
    const before = dataset();
    const found = normalizeResponses(before, {
      method,
      ...(indices.length < 3 && { stims: indices }),
    });
    assertNear(found.offset, expected.offset);
    assertNear(found.scale, expected.scale);
    for (const [s, row] of expected.responses.entries()) {
      for (const [n, values] of row.entries()) {
        const { data } = itemAt(itemAt(found.dataset.responses, s), n);
        if (values !== null) assertNear(data, values);
      }
    }
    assertEquals(found.dataset.nrnMasks, before.nrnMasks);
    assertEquals(before.responses, dataset().responses);
  });
}

Deno.test("standardizeStims: waveforms have one mean and one deviation", () => {
  const waveforms = randomDataset(3, { samplesPerBin: 4 });
  const { dataset, mean, std } = standardizeStims(waveforms);
  assertEquals([mean.length, std.length], [1, 1]);
  assertEquals(dataset.samplesPerBin, 4);
});

Deno.test("standardizeStims, normalizeResponses: refuse bad options", () => {
  const data = dataset();
  const cases: readonly (readonly [
    () => unknown,
    typeof TypeError | typeof RangeError,
    string,
  ])[] = [
    [
      () => standardizeStims(data, { stims: [] }),
      RangeError,
      "Cannot standardize stimuli: number of stims is 0, expected 1 to",
    ],
    [
      () => standardizeStims(data, { stims: [3] }),
      RangeError,
      "Cannot standardize stimuli: index in stims is 3, expected 0 to 2",
    ],
    [
      () => standardizeStims(data, { stims: 1 as unknown as number[] }),
      TypeError,
      "Cannot standardize stimuli: stims is 1, expected a list of indices",
    ],
    [
      () => standardizeStims(data, { perBands: true } as object),
      RangeError,
      "Cannot standardize stimuli: there is no option perBands, expected perBand",
    ],
    [
      () => standardizeStims(data, { eps: 0 }),
      RangeError,
      "Cannot standardize stimuli: eps is 0, expected a number above 0",
    ],
    [
      () => normalizeResponses(data, { method: "min" as "max" }),
      TypeError,
      "Cannot normalize responses: method is min, expected max or zscore",
    ],
  ];
  for (const [call, error, message] of cases) {
    assertThrows(call, error, message);
  }
});
