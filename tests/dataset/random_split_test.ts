import { NeuralDataset, randomSplit, type Tensor, wehrSplit } from "rxephys";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";

/** Cell 0 heard every second stimulus, cell 1 all of them. */
function heard(stimuli: number, wehrCellIdx?: number): NeuralDataset {
  const tensor = (shape: number[]): Tensor => ({
    data: new Float32Array(4),
    shape,
    dtMs: 5,
  });
  const stims = Array.from({ length: stimuli }, () => tensor([1, 1, 4]));
  const response = tensor([1, 4]);
  return NeuralDataset.fromPairs({
    stims,
    stimMeta: stims.map(() => ({})),
    nrnMeta: [wehrCellIdx === undefined ? {} : { wehrCellIdx }, {}],
    pairs: stims.flatMap((_, stim) => [
      ...(stim % 2 === 0 ? [{ stim, cell: 0, response }] : []),
      { stim, cell: 1, response },
    ]),
    tally: { range: 0, step: 0, xcorr: 0, kept: 0 },
  });
}

Deno.test("randomSplit: each stimulus that a cell heard, once, by the seed", () => {
  const dataset = heard(20);
  const split = randomSplit(dataset, 0, { seed: 1 });
  const { train, val, test } = split;
  assertEquals([train.length, val.length, test.length], [6, 2, 2]);
  assertEquals(
    [...train, ...val, ...test].toSorted((a, b) => a - b),
    [0, 2, 4, 6, 8, 10, 12, 14, 16, 18],
  );
  for (const part of [train, val, test]) {
    assertEquals(part, part.toSorted((a, b) => a - b));
  }
  assertEquals(randomSplit(dataset, 0, { seed: 1 }), split);
  assert(String(randomSplit(dataset, 0, { seed: 2 }).test) !== String(test));
  assertEquals(randomSplit(dataset, [0, 1]).train.length, 12);
  const whole = randomSplit(dataset, 1, { val: 0, test: 0.1 });
  assertEquals([whole.train.length, whole.val, whole.test.length], [18, [], 2]);
});

Deno.test("randomSplit: refuses fractions and cells, and too few stimuli", () => {
  const dataset = heard(4);
  for (
    const [call, message] of [
      [() => randomSplit(dataset, 2), "cell is 2, expected 0 to 1"],
      [() => randomSplit(dataset, 0, { val: 2 }), "val is 2, expected 0 to 1"],
      [
        () => randomSplit(dataset, 0),
        "number of stimuli that were heard is 2, expected more than 1 for " +
        "validation and 1 for test",
      ],
      [
        () => randomSplit(dataset, 1, { seed: -1 }),
        "seed is -1, expected 0 to 9007199254740991",
      ],
    ] as const
  ) {
    assertThrows(call, RangeError, `Cannot split stimuli: ${message}`);
  }
});

Deno.test("wehrSplit: published if it adds up, otherwise by the seed", () => {
  // Cells 4 and 3 have 1/1/1 and 7/1/1; here they heard 3 and 10.
  assertEquals(wehrSplit(heard(5, 4), 0), {
    origin: "published",
    ...{ train: [0], val: [2], test: [4] },
  });
  const dataset = heard(20, 3);
  const split = wehrSplit(dataset, 0, { seed: 3 });
  assertEquals(split, {
    ...randomSplit(dataset, 0, { seed: 3 }),
    origin: "random",
  });
  assertEquals(wehrSplit(dataset, 1).origin, "random");
});
