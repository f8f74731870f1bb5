import { type CellMeta, NeuralDataset, type Tensor } from "rxephys";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";
import { seeded, whole } from "../support/sessions/traces.ts";
import {
  randomDataset,
  randomIndices,
} from "../support/sessions/random_dataset.ts";
import { itemAt } from "../support/item_at.ts";

/** Plain model of the rules for both selections. */
class Model {
  neurons: number[] | null = null;
  stims: number[] | null = null;
  constructor(readonly data: NeuralDataset) {}
  visible(): { neurons: number[]; stims: number[] } {
    const { data: { nrnMasks, N, S }, stims } = this;
    const neurons = (this.neurons ?? upTo(N)).filter((n) =>
      stims === null || stims.some((s) => itemAt(nrnMasks, s)[n])
    );
    const seen = upTo(S).filter((s) =>
      (stims ?? [s]).includes(s) && neurons.some((n) => itemAt(nrnMasks, s)[n])
    );
    return { neurons, stims: seen };
  }
}

type Step = (model: Model, random: () => number) => readonly number[];

const anyHas = (metas: readonly CellMeta[], key: string): boolean =>
  metas.some((meta) => key in meta);

const has = (meta: CellMeta, key: string, value: unknown): boolean =>
  key in meta && meta[key] === value;

/** Each step selects in the dataset and, by a plain rule, in the model. */
const STEPS: Record<string, Step> = {
  selectNeurons: (model, random) => {
    model.neurons = randomIndices(model.data.N, random);
    return model.data.selectNeurons(model.neurons);
  },
  selectStims: (model, random) => {
    const indices = randomIndices(model.data.S, random);
    model.stims = indices.toSorted((a, b) => a - b);
    return model.data.selectStims(indices);
  },
  selectNeuronsBy: (model, random) => {
    const value = "abcd"[whole(random, 0, 3)];
    model.neurons = upTo(model.data.N).filter((n) =>
      has(itemAt(model.data.nrnMeta, n), "group", value)
    );
    return model.data.selectNeuronsBy("group", value);
  },
  selectStimsBy: (model, random) => {
    const value = whole(random, 0, 4);
    model.stims = upTo(model.data.S).filter((s) =>
      has(itemAt(model.data.stimMeta, s), "score", value)
    );
    return model.data.selectStimsBy("score", value);
  },
  selectNeuronsWhere: (model, random) => {
    const least = whole(random, 0, 4);
    model.neurons = upTo(model.data.N).filter((n) =>
      "score" in itemAt(model.data.nrnMeta, n) &&
      Number(itemAt(model.data.nrnMeta, n).score) >= least
    );
    return model.data.selectNeuronsWhere(({ score }) => Number(score) >= least);
  },
  selectStimsWhere: (model, random) => {
    const other = "abcd"[whole(random, 0, 3)];
    model.stims = upTo(model.data.S).filter((s) =>
      "group" in itemAt(model.data.stimMeta, s) &&
      itemAt(model.data.stimMeta, s).group !== other
    );
    return model.data.selectStimsWhere(({ group }) => group !== other);
  },
  selectNeuronsByStimulus: (model, random) => {
    const value = "abcd"[whole(random, 0, 3)];
    const { data } = model;
    model.neurons = upTo(data.N).filter((n) =>
      upTo(data.S).some((s) =>
        itemAt(data.nrnMasks, s)[n] &&
        has(itemAt(data.stimMeta, s), "group", value)
      )
    );
    return data.selectNeuronsByStimulus("group", value);
  },
  selectStimsByNeuron: (model, random) => {
    const value = whole(random, 0, 4);
    const { data } = model;
    model.stims = upTo(data.S).filter((s) =>
      upTo(data.N).some((n) =>
        itemAt(data.nrnMasks, s)[n] &&
        has(itemAt(data.nrnMeta, n), "score", value)
      )
    );
    return data.selectStimsByNeuron("score", value);
  },
  selectNeuronsByStimulusWhere: (model, random) => {
    const least = whole(random, 0, 4);
    const { data } = model;
    const fits = (meta: CellMeta): boolean => Number(meta.score) >= least;
    model.neurons = upTo(data.N).filter((n) =>
      upTo(data.S).some((s) =>
        itemAt(data.nrnMasks, s)[n] && fits(itemAt(data.stimMeta, s))
      )
    );
    return data.selectNeuronsByStimulusWhere(fits);
  },
  selectStimsByNeuronWhere: (model, random) => {
    const other = "abcd"[whole(random, 0, 3)];
    const { data } = model;
    model.stims = upTo(data.S).filter((s) =>
      upTo(data.N).some((n) =>
        itemAt(data.nrnMasks, s)[n] && "group" in itemAt(data.nrnMeta, n) &&
        itemAt(data.nrnMeta, n).group !== other
      )
    );
    return data.selectStimsByNeuronWhere(({ group }) => group !== other);
  },
  resetSelection: (model) => {
    model.data.resetSelection();
    model.neurons = model.stims = null;
    return [];
  },
  resetNeuronSelection: (model) => {
    model.data.resetNeuronSelection();
    model.neurons = null;
    return [];
  },
  resetStimSelection: (model) => {
    model.data.resetStimSelection();
    model.stims = null;
    return [];
  },
};

Deno.test("selections: every rule equals the plain model", () => {
  const random = seeded(1);
  const used = new Set<string>();
  let narrowed = 0;
  for (let seed = 0; seed < 150; seed++) {
    const model = new Model(randomDataset(seed));
    for (let i = 0; i < 6; i++) {
      const name = itemAt(Object.keys(STEPS), whole(random, 0, 12));
      const step = itemAt(STEPS, name);
      const { nrnMeta, stimMeta } = model.data;
      if (!isPossible(name, nrnMeta, stimMeta)) {
        const { neurons, stims } = model;
        assertThrows(() => step(model, random), RangeError, "no entry");
        Object.assign(model, { neurons, stims });
        continue;
      }
      const chosen = step(model, random);
      if (name.startsWith("selectN")) assertEquals(chosen, model.neurons ?? []);
      if (name.startsWith("selectS")) assertEquals(chosen, model.stims ?? []);
      assertVisible(model.data, model.visible());
      used.add(name);
      if (model.neurons !== null && model.stims !== null) narrowed++;
    }
  }
  assertEquals(used.size, 13);
  assert(narrowed > 200, `both selections at once: ${narrowed}`);
});

/** Whether an entry has the key that a step reads. */
function isPossible(
  name: string,
  nrnMeta: readonly CellMeta[],
  stimMeta: readonly CellMeta[],
): boolean {
  switch (name) {
    case "selectNeuronsBy":
      return anyHas(nrnMeta, "group");
    case "selectStimsBy":
      return anyHas(stimMeta, "score");
    case "selectNeuronsWhere":
    case "selectStimsByNeuron":
      return anyHas(nrnMeta, "score");
    case "selectStimsByNeuronWhere":
      return anyHas(nrnMeta, "group");
    case "selectNeuronsByStimulusWhere":
      return anyHas(stimMeta, "score");
    case "selectStimsWhere":
    case "selectNeuronsByStimulus":
      return anyHas(stimMeta, "group");
  }
  return true;
}

Deno.test("selections: a predicate that reads a missing key skips that entry", () => {
  const data = unevenDataset();
  const scored = upTo(data.N).filter((n) => "score" in itemAt(data.nrnMeta, n));
  assertEquals(data.selectNeuronsWhere(({ score }) => score !== -1), scored);
  assertEquals(
    data.selectNeuronsWhere((meta) => !(Number(meta.score) > 9)),
    scored,
  );
  assertEquals(
    data.selectNeuronsWhere((meta) => {
      (meta.score as number).toFixed();
      return true;
    }),
    scored,
  );
  assertEquals(
    data.selectNeuronsWhere((meta) => !("score" in meta) || meta.score !== -1),
    upTo(data.N),
  );
});

Deno.test("selections: null counts as missing in a predicate", () => {
  const data = datasetOf([{ depth: 100 }, { depth: null }, { depth: 300 }]);
  const shallow = ({ depth }: CellMeta): boolean => Number(depth) < 200;
  assertEquals(data.selectNeuronsWhere(shallow), [0]);
  assertEquals(data.selectNeuronsBy("depth", null), [1]);
});

Deno.test("selections: a key that no entry has is an error", () => {
  const data = datasetOf([{ site: "A1" }, { depth: 1 }]);
  const error = (act: () => unknown, text: string): unknown =>
    assertThrows(
      act,
      RangeError,
      `Cannot select: no entry has the key ${text}`,
    );
  data.selectNeurons([1]);
  error(() => data.selectNeuronsBy("sight", "A1"), "sight, expected site");
  error(() => data.selectNeuronsBy("x", 1), "x, expected site, depth");
  error(
    () => data.selectNeuronsWhere(({ snr }) => Number(snr) > 1),
    "snr, expected computeNeuronQuality() before",
  );
  error(() => data.selectStimsByNeuron("dept", 1), "dept, expected depth");
  error(() => data.selectNeuronsByStimulus("tone", 1), "tone, expected none");
  error(() => data.selectStimsBy("tone", 1), "tone, expected none");
  assertEquals(data.selectedNeurons, [1]);
  data.computeNeuronQuality();
  assertEquals(data.selectNeuronsWhere(({ snr }) => Number(snr) > 1), []);
});

Deno.test("selections: throws an error that no missing key caused", () => {
  const data = unevenDataset();
  const before = data.selectNeurons([0]);
  const nothing = undefined as unknown as CellMeta;
  const fails = (): boolean => {
    throw new ReferenceError("the caller's own");
  };
  assertThrows(() => data.selectNeuronsWhere(() => !nothing.score), TypeError);
  assertThrows(() => data.selectStimsWhere(() => !nothing.score), TypeError);
  assertThrows(() => data.selectStimsWhere(fails), ReferenceError, "own");
  assertThrows(
    () => data.selectNeuronsWhere(({ score }) => score === nothing.score),
    TypeError,
  );
  assertEquals(data.selectedNeurons, before);
});

Deno.test("selections: a predicate reads the whole entry and cannot write to it", () => {
  const data = unevenDataset();
  const copies: CellMeta[] = [];
  data.selectNeuronsWhere((meta) => {
    copies.push({ ...meta });
    return JSON.stringify(meta) === JSON.stringify(copies.at(-1));
  });
  assertEquals(copies, data.nrnMeta);
  assertEquals(data.selectedNeurons, upTo(data.N));
  for (const write of [setScore, deleteGroup]) {
    assertThrows(() => data.selectNeuronsWhere(write), TypeError);
  }
  assertEquals(copies, data.nrnMeta);
});

Deno.test("selections: refuses a repeated index and keeps the selection", () => {
  const data = randomDataset(1);
  data.selectNeurons([0]);
  assertThrows(
    () => data.selectNeurons([1, 0, 1]),
    RangeError,
    "Cannot select: neuron is 1 twice, expected each index once",
  );
  assertThrows(
    () => data.selectStims([0, 0]),
    RangeError,
    "Cannot select: stimulus is 0 twice, expected each index once",
  );
  assertEquals(data.selectedNeurons, [0]);
});

Deno.test("selections: changes to arrays of the caller do not change the selection", () => {
  const data = randomDataset(1);
  const given = [0, 1];
  const returned = data.selectNeurons(given) as number[];
  given.length = 0;
  returned.length = 0;
  (data.selectedNeurons as number[]).length = 0;
  (data.selectedStims as number[]).length = 0;
  assertEquals(data.selectedNeurons, [0, 1]);
  assert(data.length > 0);
});

/** A dataset whose cells have this metadata and all heard one stimulus. */
function datasetOf(nrnMeta: readonly CellMeta[]): NeuralDataset {
  const tensor = (...shape: number[]): Tensor => ({
    data: new Float32Array(2),
    shape,
    dtMs: 5,
  });
  return NeuralDataset.fromPairs({
    stims: [tensor(1, 1, 2)],
    stimMeta: [{}],
    nrnMeta,
    pairs: nrnMeta.map((_, cell) => ({
      stim: 0,
      cell,
      response: tensor(1, 2),
    })),
    tally: { range: 0, step: 0, xcorr: 0, kept: 1 },
  });
}

/** A random dataset in which only some cells have a score. */
function unevenDataset(): NeuralDataset {
  for (let seed = 0;; seed++) {
    const data = randomDataset(seed);
    const { size } = new Set(data.nrnMeta.map((meta) => "score" in meta));
    if (size === 2) return data;
  }
}

function assertVisible(
  data: NeuralDataset,
  { neurons, stims }: { neurons: number[]; stims: number[] },
): void {
  assertEquals(data.selectedNeurons, neurons);
  assertEquals(data.selectedStims, stims);
  assertEquals(data.length, stims.length);
  for (const [i, s] of stims.entries()) {
    const item = data.at(i);
    assertEquals(item.index, s);
    assert(item.stims === data.stims[s] && item.stimMeta === data.stimMeta[s]);
    assertEquals(
      item.validMask,
      neurons.map((n) => itemAt(itemAt(data.nrnMasks, s), n)),
    );
    for (const [k, n] of neurons.entries()) {
      assert(item.responses[k] === itemAt(data.responses, s)[n]);
    }
  }
}

function setScore(meta: CellMeta): boolean {
  (meta as Record<string, unknown>).score = 1;
  return true;
}

function deleteGroup(meta: CellMeta): boolean {
  delete (meta as Record<string, unknown>).group;
  return true;
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
