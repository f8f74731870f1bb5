import { NeuralDataset, type NeuralDatasetParts, type Tensor } from "rxephys";
import { assertEquals, assertThrows } from "../support/assert.ts";

function tensor(shape: number[], extra: Partial<Tensor> = {}): Tensor {
  const length = shape.reduce((a, b) => a * b, 1);
  return { data: new Float32Array(length), shape, dtMs: 5, ...extra };
}

/** Two stimuli, two cells and one pair, with changes. */
function parts(changes: Partial<NeuralDatasetParts> = {}): NeuralDatasetParts {
  return {
    stims: [tensor([1, 3, 4]), tensor([1, 3, 6])],
    stimMeta: [{}, {}],
    nrnMeta: [{}, {}],
    pairs: [{ stim: 1, cell: 0, response: tensor([2, 6]) }],
    tally: { range: 0, step: 0, xcorr: 0, kept: 0 },
    ...changes,
  };
}

Deno.test("fromPairs: builds a dataset from valid parts", () => {
  const data = NeuralDataset.fromPairs(parts());
  assertEquals(data.nrnMasks, [[false, false], [true, false]]);
  assertEquals(data.coverage, 1 / 4);
  assertEquals(NeuralDataset.fromPairs(parts({ pairs: [] })).length, 0);
});

Deno.test("fromPairs: accepts waveforms with binned responses", () => {
  const data = NeuralDataset.fromPairs(parts({
    stims: [4, 6].map((T) => tensor([1, 7 * T], { samplesPerBin: 7 })),
  }));
  assertEquals([data.F, data.dt, data.samplesPerBin], [0, 5, 7]);
});

const pair = { stim: 1, cell: 0, response: tensor([2, 6]) };
const refused: Record<string, [Partial<NeuralDatasetParts>, string]> = {
  "no stimulus": [
    { stims: [], stimMeta: [], pairs: [] },
    "number of stimuli is 0, expected 1 to ",
  ],
  "no cell": [
    { nrnMeta: [], pairs: [] },
    "number of cells is 0, expected 1 to ",
  ],
  "too little metadata": [
    { stimMeta: [{}] },
    "length of stimMeta is 1, expected 2",
  ],
  "a stimulus with two axes": [
    { stims: [tensor([3, 4]), tensor([1, 3, 6])] },
    "shape of stimulus 0 is 3,4 of 12 values, expected 1,F,T",
  ],
  "a stimulus with two channels": [
    { stims: [tensor([2, 3, 4]), tensor([1, 3, 6])] },
    "shape of stimulus 0 is 2,3,4 of 24 values, expected 1,F,T",
  ],
  "a stimulus with too few values": [
    {
      stims: [
        tensor([1, 3, 4]),
        tensor([1, 3, 6], { data: new Float32Array(17) }),
      ],
    },
    "shape of stimulus 1 is 1,3,6 of 17 values, expected 1,F,T",
  ],
  "a waveform that ends inside a bin": [
    { stims: [4, 6].map((T) => tensor([1, T], { samplesPerBin: 4 })) },
    "shape of stimulus 1 is 1,6 of 6 values, expected 1,T * 4",
  ],
  "a missing bin width": [
    {
      stims: [4, 6].map((T) =>
        tensor([1, 3, T], { dtMs: undefined } as object)
      ),
    },
    "dtMs of stimulus 0 is undefined, expected a number above 0",
  ],
  "two bin widths": [
    { stims: [tensor([1, 3, 4]), tensor([1, 3, 6], { dtMs: 10 })] },
    "dtMs of stimulus 1 is 10, expected 5 as stimulus 0",
  ],
  "two band counts": [
    { stims: [tensor([1, 3, 4]), tensor([1, 2, 6])] },
    "F of stimulus 1 is 2, expected 3 as stimulus 0",
  ],
  "a spectrogram among waveforms": [
    { stims: [tensor([1, 8], { samplesPerBin: 2 }), tensor([1, 3, 6])] },
    "samplesPerBin of stimulus 1 is undefined, expected 2 as stimulus 0",
  ],
  "a pair whose stimulus does not exist": [
    { pairs: [{ ...pair, stim: 2 }] },
    "stim of a pair is 2, expected 0 to 1",
  ],
  "a pair whose cell does not exist": [
    { pairs: [{ ...pair, cell: -1 }] },
    "cell of a pair is -1, expected 0 to 1",
  ],
  "a pair given twice": [
    { pairs: [pair, pair] },
    "pair of cell 0 to stimulus 1 is given twice, expected each pair once",
  ],
  "a response with another number of bins": [
    { pairs: [{ ...pair, response: tensor([2, 5]) }] },
    "shape of the response of cell 0 to stimulus 1 is 2,5 of 10 values, " +
    "expected R,6",
  ],
  "a response without repeats": [
    { pairs: [{ ...pair, response: tensor([0, 6]) }] },
    "shape of the response of cell 0 to stimulus 1 is 0,6 of 0 values, " +
    "expected R,6",
  ],
  "a response with another bin width": [
    { pairs: [{ ...pair, response: tensor([2, 6], { dtMs: 1 }) }] },
    "dtMs of the response of cell 0 to stimulus 1 is 1, expected 5",
  ],
};
for (const [name, [changes, message]] of Object.entries(refused)) {
  Deno.test(`fromPairs refuses ${name}`, () => {
    assertThrows(
      () => NeuralDataset.fromPairs(parts(changes)),
      RangeError,
      `Cannot make a dataset: ${message}`,
    );
  });
}
