import { type CellMeta, NeuralDataset, type Pair, type Tensor } from "rxephys";
import { assertEquals, assertThrows } from "../support/assert.ts";
import { neuronQuality } from "../../src/dataset/neuron_quality.ts";
import { firstOf, itemAt } from "../support/item_at.ts";

// Three stimuli, three cells; cell 2 heard stimulus 2 only, cell 0 alone heard stimulus 1.
const HEARD: readonly [stim: number, cell: number][] = [
  [0, 0],
  [0, 1],
  [1, 0],
  [2, 2],
];

function tensor(...shape: number[]): Tensor {
  const length = shape.reduce((a, b) => a * b, 1);
  const data = Float32Array.from({ length }, (_, i) => Math.sin(i + length));
  return { data, shape, dtMs: 5 };
}

function dataset(): NeuralDataset {
  return NeuralDataset.fromPairs({
    stims: [tensor(1, 4, 6), tensor(1, 4, 7), tensor(1, 4, 8)],
    stimMeta: [{ category: "x" }, { category: "y" }, { idx: 2 }],
    nrnMeta: [
      { site: "A1", signalType: "subthresh" },
      { site: "MGB", signalType: "subthresh" },
      { signalType: "subthresh" },
    ],
    pairs: HEARD.map(([stim, cell]): Pair => ({
      stim,
      cell,
      response: tensor(3, 6 + stim),
    })),
    tally: { range: 1, step: 2, xcorr: 3, kept: 4 },
  });
}

function visible(data: NeuralDataset): number[] {
  return Array.from({ length: data.length }, (_, i) => data.at(i).index);
}

Deno.test("NeuralDataset: exposes its parts and a summary", () => {
  const data = dataset();
  assertEquals([data.N, data.S, data.F, data.dt], [3, 3, 4, 5]);
  assertEquals(data.signalType, "subthresh");
  assertEquals(data.coverage, 4 / 9);
  assertEquals(
    String(data),
    "N=3 S=3 F=4 dt=5 ms signal=subthresh coverage=44 %",
  );
  assertEquals(data.nrnMasks, [
    [true, true, false],
    [true, false, false],
    [false, false, true],
  ]);
});

Deno.test("NeuralDataset: at returns one stimulus and the responses of all cells", () => {
  const data = dataset();
  const item = data.at(-1);
  assertEquals(item.index, 2);
  assertEquals(item.stims.shape, [1, 4, 8]);
  assertEquals(item.validMask, [false, false, true]);
  assertEquals(item.responses.map(({ shape }) => shape), [[1, 1], [1, 1], [
    3,
    8,
  ]]);
  assertEquals(item.stimMeta, { idx: 2 });
});

Deno.test("NeuralDataset: at refuses an index outside the selection", () => {
  const data = dataset();
  data.selectNeurons(1);
  for (const index of [1, -2, 0.5, NaN]) {
    assertThrows(
      () => data.at(index),
      RangeError,
      `Cannot read dataset: index is ${index}, expected a whole number from -1 to 0`,
    );
  }
});

Deno.test("NeuralDataset: at and slice return lists of visible stimuli", () => {
  const data = dataset();
  data.selectNeurons([1, 0]);
  const all = [data.at(0), data.at(1)];
  assertEquals(all.map(({ index }) => index), [0, 1]);
  assertEquals(data.at([1, 0, -1]), [all[1], all[0], all[1]]);
  assertEquals(data.at([]), []);
  assertEquals(data.slice(), all);
  assertEquals(data.slice(1), all.slice(1));
  assertEquals(data.slice(-2, -1), all.slice(-2, -1));
  assertEquals(data.slice(0, 100), all);
  assertEquals(data.slice(5), []);
  assertThrows(
    () => data.at([0, 2]),
    RangeError,
    "Cannot read dataset: index is 2, expected a whole number from -2 to 1",
  );
});

Deno.test("NeuralDataset: species, hearing and bands are those that all share", () => {
  const made = (
    species: readonly (string | undefined)[],
    bands: readonly Partial<Tensor>[],
  ): NeuralDataset =>
    NeuralDataset.fromPairs({
      stims: bands.map((own) => ({ ...tensor(1, 2, 3), ...own })),
      stimMeta: bands.map(() => ({})),
      nrnMeta: species.map((own) => own === undefined ? {} : { species: own }),
      pairs: [],
      tally: { range: 0, step: 0, xcorr: 0, kept: 0 },
    });
  const traits = (
    { species, hearingRangeHz, bandRangeHz }: NeuralDataset,
  ): unknown[] => [
    species,
    hearingRangeHz,
    bandRangeHz,
  ];
  const known = { bandsHz: [100, 900] };
  const none = undefined;
  assertEquals(traits(made(["rat", "rat"], [known, known])), [
    ...["rat", [250, 76_000], [100, 900]],
  ]);
  assertEquals(traits(made(["ferret"], [{ bandRangeHz: [200, 20_000] }])), [
    ...["ferret", [200, 40_000], [200, 20_000]],
  ]);
  const mixed = made(["rat", "ferret"], [known, { bandsHz: [100, 800] }]);
  assertEquals(traits(mixed), [none, none, none]);
  assertEquals(traits(made(["rat", none], [known, {}])), [none, none, none]);
  assertEquals(traits(made(["owl"], [{}])), ["owl", none, none]);
});

Deno.test("NeuralDataset: selected cells hide stimuli that none of them heard", () => {
  const data = dataset();
  assertEquals(data.selectNeuronsBy("site", "MGB"), [1]);
  assertEquals(visible(data), [0]);
  assertEquals(data.selectNeurons([2, 0]), [2, 0]);
  assertEquals(visible(data), [0, 1, 2]);
  assertEquals(data.at(2).validMask, [true, false]);
});

Deno.test("NeuralDataset: selected stimuli hide cells that heard none of them", () => {
  const data = dataset();
  assertEquals(data.selectStimsBy("category", "y"), [1]);
  assertEquals(visible(data), [1]);
  assertEquals(data.at(0).validMask, [true]);
});

Deno.test("NeuralDataset: both selections apply together", () => {
  const data = dataset();
  data.selectStims([1, 2]);
  data.selectNeurons([0, 1]);
  assertEquals(visible(data), [1]);
  data.selectNeurons([1]);
  assertEquals(data.length, 0);
});

Deno.test("NeuralDataset: an empty selection selects nothing", () => {
  const data = dataset();
  assertEquals(data.selectStimsBy("category", "absent"), []);
  assertEquals(data.length, 0);
  data.resetSelection();
  assertEquals(data.length, 3);
  assertEquals(data.selectNeuronsWhere(() => false), []);
  assertEquals(data.length, 0);
  data.resetSelection();
  assertEquals(data.length, 3);
});

Deno.test("NeuralDataset: a missing entry matches no value", () => {
  const data = NeuralDataset.fromPairs({
    stims: [tensor(1, 1, 1)],
    stimMeta: [{}],
    nrnMeta: [{ site: undefined } as unknown as CellMeta, {}, { site: "A1" }],
    pairs: [],
    tally: { range: 0, step: 0, xcorr: 0, kept: 0 },
  });
  assertEquals(data.selectNeuronsBy("site", undefined), []);
  assertEquals(data.selectNeuronsWhere(({ site }) => site !== "MGB"), [2]);
});

Deno.test("NeuralDataset: refuses an index out of range", () => {
  const data = dataset();
  assertThrows(
    () => data.selectNeurons(3),
    RangeError,
    "Cannot select: neuron is 3, expected 0 to 2",
  );
  assertThrows(
    () => data.selectStims([0, -1]),
    RangeError,
    "Cannot select: stimulus is -1, expected 0 to 2",
  );
});

Deno.test("NeuralDataset: writes quality into each cell's metadata", () => {
  const data = dataset();
  data.selectNeurons([]);
  const quality = data.computeNeuronQuality();
  for (const n of [0, 1, 2]) {
    const heard = HEARD.filter(([, cell]) => cell === n).map(([s]) =>
      repeatsOf(itemAt(itemAt(data.responses, s), n))
    );
    assertEquals(quality[n], neuronQuality(heard));
    const { snr, ccmax } = itemAt(data.nrnMeta, n);
    assertEquals({ snr, ccmax } as unknown, quality[n]);
  }
  assertEquals(itemAt(data.nrnMeta, 0).site, "A1");
});

Deno.test("NeuralDataset: selects cells by stimulus and stimuli by cell", () => {
  const data = dataset();
  assertEquals(data.selectNeuronsByStimulus("category", "x"), [0, 1]);
  assertEquals(data.selectNeuronsByStimulus("category", "y"), [0]);
  assertEquals(data.selectNeuronsByStimulus("category", "absent"), []);
  data.resetSelection();
  assertEquals(data.selectStimsByNeuron("site", "A1"), [0, 1]);
  assertEquals(data.selectStimsByNeuron("site", "MGB"), [0]);
  assertEquals(data.selectStimsByNeuron("signalType", "subthresh"), [0, 1, 2]);
});

Deno.test("NeuralDataset: compares lists in metadata by value", () => {
  const data = NeuralDataset.fromPairs({
    stims: [tensor(1, 1, 1), tensor(1, 1, 1)],
    stimMeta: [{ files: ["a", ["b"]] }, { files: ["a", ["b"], 3] }],
    nrnMeta: [{}],
    pairs: [],
    tally: { range: 0, step: 0, xcorr: 0, kept: 0 },
  });
  assertEquals(data.selectStimsBy("files", ["a", ["b"]]), [0]);
  assertEquals(data.selectStimsBy("files", ["a", ["b"], 3]), [1]);
  assertEquals(data.selectStimsBy("files", ["a", "b"]), []);
});

function repeatsOf({ data, shape }: Tensor): Float32Array[] {
  const [repeats, bins] = firstOf(2, shape);
  return Array.from(
    { length: repeats },
    (_, r) => data.slice(r * bins, (r + 1) * bins),
  );
}
