import { NeuralDataset } from "rxephys";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";
import { concatDatasets } from "../../src/dataset/concat_datasets.ts";
import { randomDataset } from "../support/sessions/random_dataset.ts";
import { firstOf, itemAt } from "../support/item_at.ts";

Deno.test("concatDatasets: is block diagonal, shares one sentinel and sets source", () => {
  for (let seed = 0; seed < 60; seed += 3) {
    const parts = [0, 1, 2].map((i) => randomDataset(seed + i));
    const joined = concatDatasets(parts);
    let sentinel: unknown;
    let [firstStim, firstCell] = [0, 0];
    for (const [source, part] of parts.entries()) {
      for (let s = 0; s < part.S; s++) {
        assert(joined.stims[firstStim + s] === part.stims[s]);
        assertEquals(joined.stimMeta[firstStim + s], {
          ...part.stimMeta[s],
          source,
        });
        for (let n = 0; n < joined.N; n++) {
          const own = n >= firstCell && n < firstCell + part.N;
          const heard = own && itemAt(part.nrnMasks, s)[n - firstCell];
          const response = itemAt(joined.responses, firstStim + s)[n];
          assertEquals(itemAt(joined.nrnMasks, firstStim + s)[n], heard);
          if (own) {
            assert(response === itemAt(part.responses, s)[n - firstCell]);
          }
          if (!heard) assert(response === (sentinel ??= response));
        }
      }
      for (let n = 0; n < part.N; n++) {
        assertEquals(joined.nrnMeta[firstCell + n], {
          ...part.nrnMeta[n],
          source,
        });
      }
      firstStim += part.S;
      firstCell += part.N;
    }
    assertEquals([joined.S, joined.N], [firstStim, firstCell]);
    assertEquals([joined.dt, joined.F], [5, 3]);
    assertEquals(joined.tally, {
      range: 3 * seed + 3,
      step: 6,
      xcorr: 9,
      kept: joined.nrnMasks.flat().filter(Boolean).length,
    });
  }
});

Deno.test("concatDatasets: cells of one source show only its stimuli", () => {
  const parts = [randomDataset(1), randomDataset(2)];
  const joined = concatDatasets(parts);
  joined.selectNeuronsBy("source", 1);
  const heard = itemAt(parts, 1).nrnMasks.flatMap((row, s) =>
    row.includes(true) ? [itemAt(parts, 0).S + s] : []
  );
  assertEquals(joined.selectedStims, heard);
});

Deno.test("concatDatasets: leaves selections and metadata of the parts unchanged", () => {
  const part = randomDataset(1);
  part.selectNeurons(0);
  part.selectStims([]);
  const joined = concatDatasets([part, part]);
  assertEquals(joined.selectedNeurons.length, 2 * part.N);
  assertEquals(part.length, 0);
  joined.computeNeuronQuality();
  const [cell] = firstOf(1, part.nrnMeta);
  assert(!("source" in cell) && !("snr" in cell));
  assert(!("source" in itemAt(part.stimMeta, 0)));
});

Deno.test("concatDatasets: names tag the metadata of each dataset", () => {
  const parts = [randomDataset(1), randomDataset(2)];
  const names = ["left", "right"];
  const joined = concatDatasets(parts, { names });
  const tags = (counts: readonly number[]): string[] =>
    counts.flatMap((count, i) => Array<string>(count).fill(itemAt(names, i)));
  assertEquals(
    joined.nrnMeta.map(({ dataset }) => dataset),
    tags(parts.map(({ N }) => N)),
  );
  assertEquals(
    joined.stimMeta.map(({ dataset }) => dataset),
    tags(parts.map(({ S }) => S)),
  );
  assertEquals(joined.nrnMeta[0]?.source, 0);
  assert(!("dataset" in itemAt(itemAt(parts, 0).nrnMeta, 0)));
  assert(!("dataset" in itemAt(concatDatasets(parts).nrnMeta, 0)));
  const outer = concatDatasets([joined, joined], { names: ["a", "b"] });
  assertEquals(outer.nrnMeta[0]?.dataset, "a");
  joined.selectNeuronsBy("dataset", "right");
  assert(joined.selectedStims.every((s) => s >= itemAt(parts, 0).S));
});

Deno.test("concatDatasets: refuses names that do not fit", () => {
  const parts = [randomDataset(1), randomDataset(2)];
  assertThrows(
    () => concatDatasets(parts, { names: ["one"] }),
    RangeError,
    "Cannot concatenate datasets: number of names is 1, expected 2 to 2",
  );
  assertThrows(
    () => concatDatasets(parts, { names: [1, 2] as unknown as string[] }),
    TypeError,
    "Cannot concatenate datasets: names is 1,2, expected a list of texts",
  );
  assertThrows(
    () => concatDatasets(parts, { name: [] } as object),
    RangeError,
    "there is no option name, expected names",
  );
});

Deno.test("concatDatasets: accepts one dataset, nested ones and waveforms", () => {
  const part = randomDataset(1);
  assertEquals(concatDatasets([part]).responses, part.responses);
  const nested = concatDatasets([concatDatasets([part, part]), part]);
  assertEquals(
    nested.nrnMeta.map(({ source }) => source),
    [0, 0, 1].flatMap((source) => Array(part.N).fill(source)),
  );
  const waveforms = randomDataset(1, { samplesPerBin: 4 });
  const joined = concatDatasets([waveforms, waveforms]);
  assertEquals([joined.F, joined.samplesPerBin], [0, 4]);
});

Deno.test("concatDatasets: different signal types become mixed", () => {
  const one = (signalType: "subthresh" | "spikes"): NeuralDataset =>
    NeuralDataset.fromPairs({
      stims: [{ data: new Float32Array(2), shape: [1, 1, 2], dtMs: 5 }],
      stimMeta: [{}],
      nrnMeta: [{ signalType }],
      pairs: [],
      tally: { range: 0, step: 0, xcorr: 0, kept: 0 },
    });
  const [a, b] = [one("subthresh"), one("spikes")];
  assertEquals(concatDatasets([a, a]).signalType, "subthresh");
  assertEquals(concatDatasets([a, b]).signalType, "mixed");
});

Deno.test("concatDatasets: refuses datasets that do not match", () => {
  const data = randomDataset(1);
  const refused: [NeuralDataset[], string][] = [
    [[], "number of datasets is 0, expected 1 to "],
    [
      [data, data, randomDataset(1, { dtMs: 10 })],
      "dt of dataset 2 is 10, expected 5 as dataset 0",
    ],
    [
      [data, randomDataset(1, { bands: 4 })],
      "F of dataset 1 is 4, expected 3 as dataset 0",
    ],
    [
      [randomDataset(1, { samplesPerBin: 4 }), data],
      "F of dataset 1 is 3, expected 0 as dataset 0",
    ],
    [
      [4, 5].map((samplesPerBin) => randomDataset(1, { samplesPerBin })),
      "samplesPerBin of dataset 1 is 5, expected 4 as dataset 0",
    ],
  ];
  for (const [datasets, message] of refused) {
    assertThrows(
      () => concatDatasets(datasets),
      RangeError,
      `Cannot concatenate datasets: ${message}`,
    );
  }
});
