import { NeuralDataset } from "rxephys";
import { assert, assertEquals } from "../support/assert.ts";
import { randomDataset } from "../support/sessions/random_dataset.ts";

const TEXT = `\
NeuralDataset N=2 S=2 F=3 dt=5 ms signal=raw coverage=75 %
  stims      2 of (1, 3, 2..4) dB
  responses  3 of (1..2, 2..4) mV
  visible    2 of 2 cells, 2 of 2 stimuli
  repeats    range 1, step 2, xcorr 3, kept 4
  nrnMeta    site
  stimMeta   category`;

function small(): NeuralDataset {
  const stims = [2, 4].map((bins) => ({
    data: new Float32Array(3 * bins),
    shape: [1, 3, bins],
    unit: "dB",
    dtMs: 5,
  }));
  const pair = (stim: number, cell: number, repeats: number): {
    stim: number;
    cell: number;
    response: NeuralDataset["stims"][number];
  } => {
    const bins = 2 + 2 * stim;
    const data = new Float32Array(repeats * bins);
    const shape = [repeats, bins];
    return { stim, cell, response: { data, shape, unit: "mV", dtMs: 5 } };
  };
  return NeuralDataset.fromPairs({
    stims,
    stimMeta: [{ category: "noise" }, { category: "tone" }],
    nrnMeta: [{ site: "A1" }, { site: "MGB" }],
    pairs: [pair(0, 0, 1), pair(1, 0, 2), pair(1, 1, 1)],
    tally: { range: 1, step: 2, xcorr: 3, kept: 4 },
  });
}

Deno.test("printing: a dataset of any size prints as a short block", () => {
  assertEquals(Deno.inspect(small()), TEXT);
  const large = Deno.inspect(randomDataset(1, { bands: 500 }));
  assert(large.split("\n").length === 7 && large.length < 500, large);
});

Deno.test("printing: tensors, items and batches print as short text", async () => {
  const dataset = small();
  assertEquals(
    Deno.inspect(dataset.stims[1]),
    "Tensor (1, 3, 4) dB, bins of 5 ms",
  );
  assertEquals(
    Deno.inspect(dataset.responses[0]),
    "[ Tensor (1, 2) mV, bins of 5 ms, Tensor (1, 1) never presented ]",
  );
  assertEquals(
    Deno.inspect(dataset.at(0)),
    "DatasetItem 0\n  stims      Tensor (1, 3, 2) dB, bins of 5 ms\n" +
      '  responses  1 of 2 cells\n  stimMeta   {"category":"noise"}',
  );
  for await (const batch of dataset.batches({ size: 2 })) {
    assertEquals(
      Deno.inspect(batch),
      "Batch of stimuli 0, 1\n" +
        "  stims      Tensor (2, 1, 3, 4) dB, bins of 5 ms\n" +
        "  responses  Tensor (2, 2, 2, 4) mV, bins of 5 ms",
    );
  }
});

Deno.test("printing: Node's symbol works, and copies keep only the fields", () => {
  const dataset = small();
  const node = Symbol.for("nodejs.util.inspect.custom");
  const print = Reflect.get(dataset, node) as () => string;
  assertEquals(print(), TEXT);
  const [stim] = dataset.stims;
  assertEquals({ ...stim }, stim);
  assertEquals(Object.keys(stim ?? {}), ["data", "shape", "unit", "dtMs"]);
  assert(Deno.inspect({ ...stim }).includes("Float32Array"));
});

Deno.test("cells: returns a row for each visible cell, as for console.table", () => {
  const dataset = small();
  assertEquals(dataset.cells(), [
    { cell: 0, heard: 2, repeats: 3, site: "A1" },
    { cell: 1, heard: 1, repeats: 1, site: "MGB" },
  ]);
  dataset.selectNeuronsBy("site", "MGB");
  assertEquals(dataset.cells().map(({ cell }) => cell), [1]);
});

Deno.test("iterating: yields the visible stimuli as at() returns them", () => {
  const dataset = small();
  assertEquals([...dataset].map(({ index }) => index), [0, 1]);
  dataset.selectNeurons(1);
  const items = [];
  for (const item of dataset) items.push(item);
  assertEquals(items, [dataset.at(0)]);
  assertEquals(items[0]?.index, 1);
});
