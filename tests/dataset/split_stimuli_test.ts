import { NeuralDataset } from "rxephys";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";
import { splitStimuli } from "../../src/dataset/split_stimuli.ts";
import { WEHR_NEURONS_SPLIT_NATURAL } from "../../src/dataset/published_wehr.ts";
import { WEHR_VALID_NEURONS } from "../../src/dataset/published_wehr.ts";
import { itemAt } from "../support/item_at.ts";

/** Cell 0 heard every second stimulus, cell 1 all; responses have one bin. */
function dataset(heard: number, wehrCellIdx?: number): NeuralDataset {
  const one = { data: new Float32Array(1), shape: [1, 1], dtMs: 5 };
  const stims = Array.from({ length: 2 * heard }, (_, s) => s);
  return NeuralDataset.fromPairs({
    stims: stims.map(() => ({ ...one, shape: [1, 1, 1] })),
    stimMeta: stims.map(() => ({})),
    nrnMeta: [wehrCellIdx === undefined ? {} : { wehrCellIdx }, {}],
    pairs: stims.flatMap((stim) => [
      ...(stim % 2 === 1 ? [{ stim, cell: 0, response: one }] : []),
      { stim, cell: 1, response: one },
    ]),
    tally: { range: 0, step: 0, xcorr: 0, kept: 0 },
  });
}

Deno.test("splitStimuli: splits a cell's stimuli in order into train, val and test", () => {
  const data = dataset(11, 0);
  data.selectStims([]);
  assertEquals(splitStimuli(data, 0), {
    train: [1, 3, 5, 7, 9, 11, 13],
    val: [15, 17],
    test: [19, 21],
  });
});

Deno.test("splitStimuli: every published split uses each stimulus once", () => {
  for (
    const [idx, [train, val, test]] of WEHR_NEURONS_SPLIT_NATURAL.entries()
  ) {
    const parts = splitStimuli(dataset(train + val + test, idx), 0);
    assertEquals(
      [parts.train.length, parts.val.length, parts.test.length],
      [train, val, test],
    );
    const all = [...parts.train, ...parts.val, ...parts.test];
    assertEquals(all, Array.from(all, (_, i) => 2 * i + 1));
  }
});

Deno.test("splitStimuli: accepts counts from the caller", () => {
  assertEquals(splitStimuli(dataset(2), 1, [2, 0, 2]), {
    train: [0, 1],
    val: [],
    test: [2, 3],
  });
});

Deno.test("splitStimuli: refuses a split that does not match", () => {
  const refused: [() => unknown, string][] = [
    [
      () => splitStimuli(dataset(10, 0), 0),
      "number of stimuli of cell 0 is 10, expected 7 + 2 + 2 as in its split",
    ],
    [
      () => splitStimuli(dataset(12, 0), 0),
      "number of stimuli of cell 0 is 12, expected 7 + 2 + 2 as in its split",
    ],
    [
      () => splitStimuli(dataset(11), 0),
      "wehrCellIdx of cell 0 is undefined, expected 0 to 24 or counts",
    ],
    [
      () => splitStimuli(dataset(11, 25), 0),
      "wehrCellIdx of cell 0 is 25, expected 0 to 24 or counts",
    ],
    [() => splitStimuli(dataset(11, 0), 2), "cell is 2, expected 0 to 1"],
    [
      () => splitStimuli(dataset(3), 0, [4, -1, 0]),
      "val is -1, expected 0 to ",
    ],
  ];
  for (const [act, message] of refused) {
    assertThrows(act, RangeError, `Cannot split stimuli: ${message}`);
  }
});

Deno.test("the published cohort and splits", () => {
  assertEquals(WEHR_VALID_NEURONS.length, 21);
  for (const idx of [1, 2, 4, 8]) assert(!WEHR_VALID_NEURONS.includes(idx));
  assertEquals(new Set(WEHR_VALID_NEURONS).size, 21);
  assert(WEHR_VALID_NEURONS.every((idx) => idx >= 0 && idx < 25));
  assertEquals(WEHR_NEURONS_SPLIT_NATURAL.length, 25);
  assertEquals(
    [0, 1, 2].map((use) =>
      WEHR_NEURONS_SPLIT_NATURAL.reduce(
        (sum, split) => sum + itemAt(split, use),
        0,
      )
    ),
    [263, 48, 74],
  );
  assertEquals(WEHR_NEURONS_SPLIT_NATURAL[23], [44, 6, 13]);
});
