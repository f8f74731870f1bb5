import { LimitError, NeuralDataset, type Shard, type Tensor } from "rxephys";
import fc from "fast-check";
import {
  assert,
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import { seeded, whole } from "../support/sessions/traces.ts";
import type { Batch } from "../../src/dataset/collate.ts";
import {
  randomDataset,
  randomIndices,
} from "../support/sessions/random_dataset.ts";
import { firstOf, itemAt } from "../support/item_at.ts";

Deno.test("batches: every element equals the plain definition", async () => {
  const random = seeded(1);
  for (let seed = 0; seed < 60; seed++) {
    const data = randomDataset(seed);
    if (random() < 0.7) data.selectNeurons(randomIndices(data.N, random));
    if (random() < 0.7) data.selectStims(randomIndices(data.S, random));
    const shuffle = random() < 0.5;
    const all = await Array.fromAsync(
      data.batches({ size: whole(random, 1, 4), shuffle, seed }),
    );
    const order = all.flatMap(({ indices }) => indices);
    assertEquals(order.toSorted((a, b) => a - b), data.selectedStims);
    if (!shuffle) assertEquals(order, data.selectedStims);
    for (const batch of all) assertCollated(batch, data);
  }
});

Deno.test("batches: startAt continues an uninterrupted run at that place", async () => {
  for (let seed = 0; seed < 25; seed++) {
    for (const last of ["keep", "drop"] as const) {
      const options = { size: 1 + seed % 3, shuffle: true, seed, last };
      const data = randomDataset(seed);
      const whole = await Array.fromAsync(data.batches(options));
      for (let startAt = 0; startAt <= whole.length; startAt++) {
        const rest = await Array.fromAsync(
          data.batches({ ...options, startAt }),
        );
        assertEquals(rest, whole.slice(startAt));
      }
    }
  }
});

Deno.test("batches: shards are disjoint and together the whole, for any count", () =>
  fc.assert(
    fc.asyncProperty(
      fc.nat(200),
      fc.integer({ min: 1, max: 11 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      async (seed, count, size, shuffle) => {
        const data = randomDataset(seed);
        const options = { size, shuffle, seed };
        const order = await orderOf(data, options);
        for (let index = 0; index < count; index++) {
          const shard = { index, count };
          const own = await orderOf(data, { ...options, shard });
          assertEquals(own, order.filter((_, i) => i % count === index));
        }
      },
    ),
    { numRuns: 60, seed: 3 },
  ));

Deno.test("batches: a shard resumes in the middle of an epoch, bit by bit", async () => {
  for (let seed = 0; seed < 25; seed++) {
    const data = randomDataset(seed);
    for (const index of [0, 1]) {
      const shard = { index, count: 2 };
      const options = { size: 1 + seed % 2, shuffle: true, seed, shard };
      const whole = await Array.fromAsync(data.batches(options));
      for (let startAt = 0; startAt <= whole.length; startAt++) {
        const rest = data.batches({ ...options, startAt });
        assertEquals(await Array.fromAsync(rest), whole.slice(startAt));
      }
    }
  }
});

Deno.test("batches: visits stimuli in a given order", async () => {
  const data = largest();
  data.selectStims(data.selectedStims.slice(2, 6));
  const [a, b, c] = firstOf(3, data.selectedStims);
  const order = [c, a, c, b, a];
  assertEquals(await orderOf(data, { order, size: 2 }), order);
  assertEquals(await orderOf(data, { order, size: 2, startAt: 1 }), [c, b, a]);
  const shard = { index: 1, count: 2 };
  assertEquals(await orderOf(data, { order, shard }), [a, b]);
  assertEquals(await orderOf(data, { order: [] }), []);
  for (const batch of await Array.fromAsync(data.batches({ order }))) {
    assertCollated(batch, data);
  }
});

Deno.test("batches: the order depends on the seed, not on the size", async () => {
  const data = largest();
  const orders = await Promise.all(
    [1, 2, 3, 100].map((size) =>
      orderOf(data, { size, shuffle: true, seed: 7 })
    ),
  );
  for (const order of orders) assertEquals(order, orders[0]);
  const other = await orderOf(data, { shuffle: true, seed: 8 });
  assert(other.join() !== itemAt(orders, 0).join());
  assertEquals(await orderOf(data, { seed: 8 }), data.selectedStims);
});

Deno.test("batches: keeps a short last batch, or drops it on request", async () => {
  const data = largest();
  data.selectStims(data.selectedStims.slice(0, 5));
  const sizes = async (last?: "keep" | "drop", size = 2): Promise<number[]> =>
    (await Array.fromAsync(data.batches({ size, ...(last && { last }) })))
      .map(({ indices }) => indices.length);
  assertEquals(await sizes(), [2, 2, 1]);
  assertEquals(await sizes("keep"), [2, 2, 1]);
  assertEquals(await sizes("drop"), [2, 2]);
  assertEquals(await sizes("drop", 5), [5]);
  assertEquals(await sizes("keep", 6), [5]);
  assertEquals(await sizes("drop", 6), []);
});

Deno.test("batches: an empty selection yields nothing", async () => {
  const data = largest();
  data.selectStims([]);
  assertEquals(await Array.fromAsync(data.batches()), []);
  data.resetSelection();
  data.selectNeurons([]);
  assertEquals(await Array.fromAsync(data.batches({ last: "drop" })), []);
});

Deno.test("batches: uses the selection at the time of the call", async () => {
  const data = largest();
  const before = data.selectedStims;
  const batches = data.batches();
  data.selectStims([]);
  const seen = (await Array.fromAsync(batches)).flatMap((b) => b.indices);
  assertEquals(seen, before);
});

Deno.test("batches: allocates new arrays for each batch", async () => {
  const data = largest();
  const first = await wholeBatch(data);
  first.stims.data.fill(9);
  first.responses.data.fill(9);
  const second = await wholeBatch(data);
  assertCollated(second, data);
});

Deno.test("batches: leaving the loop ends the iteration", async () => {
  const batches = largest().batches();
  for await (const { indices } of batches) {
    assertEquals(indices.length, 1);
    break;
  }
  assertEquals(await batches.next(), { value: undefined, done: true });
});

Deno.test("batches: validMask is 0 at a NaN inside a response", async () => {
  const data = largest();
  const [s] = firstOf(1, data.selectedStims);
  const n = itemAt(data.nrnMasks, s).indexOf(true);
  const response = itemAt(itemAt(data.responses, s), n);
  response.data[0] = NaN;
  data.selectStims(s);
  data.selectNeurons(n);
  const { validMask } = await wholeBatch(data);
  assertEquals(validMask.data[0], 0);
  assertEquals(
    validMask.data.reduce((a, b) => a + b),
    response.data.length - 1,
  );
});

Deno.test("batches: waveforms keep their samples per bin", async () => {
  const data = randomDataset(6, { samplesPerBin: 4 });
  assertEquals([data.F, data.samplesPerBin], [0, 4]);
  const batch = await wholeBatch(data);
  const [B, one, length] = firstOf(3, batch.stims.shape);
  assertEquals([B, one], [data.length, 1]);
  assertEquals(length, 4 * itemAt(batch.responses.shape, 3));
  assertEquals(batch.stims.samplesPerBin, 4);
  for (const [b, s] of batch.indices.entries()) {
    const row = batch.stims.data.subarray(b * length, (b + 1) * length);
    const { data: samples } = itemAt(data.stims, s);
    assertEquals(row.subarray(0, samples.length), samples);
    assert(row.subarray(samples.length).every((value) => value === 0));
  }
});

Deno.test("batches: refuses bad options at the call", () => {
  const data = largest();
  data.selectStims(data.selectedStims.slice(0, 5));
  const range: [object, string][] = [
    [{ size: 0 }, "size is 0, expected 1 to "],
    [{ size: 1.5 }, "size is 1.5, expected a whole number"],
    [{ seed: -1 }, "seed is -1, expected 0 to "],
    [{ size: 2, startAt: 4 }, "startAt is 4, expected 0 to 3"],
    [{ size: 2, startAt: 3, last: "drop" }, "startAt is 3, expected 0 to 2"],
    [{ order: [0, 99] }, "order has 99, expected indices of visible stimuli"],
    [
      { order: [0], shuffle: true },
      "order and shuffle are given, expected one of them",
    ],
    [{ shard: { index: 2, count: 2 } }, "shard.index is 2, expected 0 to 1"],
    [{ shard: { index: 0, count: 0 } }, "shard.count is 0, expected 1 to "],
    [
      { shard: { index: 0, count: 2, size: 1 } },
      "there is no option size, expected index, count",
    ],
  ];
  for (const [options, message] of range) {
    assertThrows(
      () => data.batches(options),
      RangeError,
      `Cannot make batches: ${message}`,
    );
  }
  assertThrows(
    () => data.batches({ order: "01" as unknown as number[] }),
    TypeError,
    "Cannot make batches: order is 01, expected a list of indices",
  );
  assertThrows(
    () => data.batches({ shard: 1 as unknown as Shard }),
    TypeError,
    "Cannot make batches: shard is 1, expected { index, count }",
  );
  assertThrows(
    () => data.batches({ last: "pad" as "keep" }),
    TypeError,
    "Cannot make batches: last is pad, expected keep or drop",
  );
  assertThrows(
    () => data.batches({ shuffle: 1 as unknown as boolean }),
    TypeError,
    "Cannot make batches: shuffle is 1, expected true or false",
  );
});

/** Plain definition: reads each element by its four indices. */
function assertCollated(batch: Batch, data: NeuralDataset): void {
  const { indices } = batch;
  const cells = data.selectedNeurons;
  const heard = indices.map((s) =>
    cells.map((n) => itemAt(itemAt(data.responses, s), n))
  );
  const ofIndices = indices.map((s) => itemAt(data.stims, s));
  const T = Math.max(...ofIndices.map(({ shape }) => itemAt(shape, 2)));
  const R = Math.max(...heard.flat().map(({ shape }) => itemAt(shape, 0)));
  assertEquals(batch.stims.shape, [indices.length, 1, data.F, T]);
  assertEquals(batch.responses.shape, [indices.length, cells.length, R, T]);
  assertEquals(batch.validMask.shape, batch.responses.shape);
  assertEquals([batch.stims.dtMs, batch.responses.dtMs], [data.dt, data.dt]);
  assertEquals(batch.stimMeta, indices.map((s) => itemAt(data.stimMeta, s)));
  const stims = ofIndices.flatMap(({ data: values, shape }) =>
    grid(data.F, T).map(([f, t]) => element(values, shape.slice(1), f, t) ?? 0)
  );
  const responses = heard.flat().flatMap(({ data, shape }) =>
    grid(R, T).map(([r, t]) => element(data, shape, r, t) ?? NaN)
  );
  assertEquals([...batch.stims.data], stims);
  assertEquals([...batch.responses.data], responses);
  assertEquals(
    [...batch.validMask.data],
    responses.map((value) => Number.isNaN(value) ? 0 : 1),
  );
}

function element(
  data: Float32Array,
  shape: readonly number[],
  row: number,
  column: number,
): number | undefined {
  const [rows, columns] = firstOf(2, shape);
  return row < rows && column < columns
    ? data[row * columns + column]
    : undefined;
}

function grid(rows: number, columns: number): [number, number][] {
  return Array.from(
    { length: rows * columns },
    (_, i) => [Math.floor(i / columns), i % columns],
  );
}

/** One batch with the whole selection. */
async function wholeBatch(data: NeuralDataset): Promise<Batch> {
  const size = data.length;
  return itemAt(await Array.fromAsync(data.batches({ size })), 0);
}

async function orderOf(
  data: NeuralDataset,
  options: Parameters<NeuralDataset["batches"]>[0],
): Promise<number[]> {
  const all = await Array.fromAsync(data.batches(options));
  return all.flatMap(({ indices }) => indices);
}

/** A random dataset with eight visible stimuli. */
function largest(): NeuralDataset {
  for (let seed = 0;; seed++) {
    const data = randomDataset(seed);
    if (data.length === 8) return data;
  }
}

/** Many cells with one repeat each, except the first, which has many. */
function lopsided(cells: number, repeats: number, bins: number): NeuralDataset {
  const response = (count: number, cell: number): Tensor => ({
    data: new Float32Array(count * bins).fill(cell),
    shape: [count, bins],
    dtMs: 5,
  });
  return NeuralDataset.fromPairs({
    stims: [{
      data: new Float32Array(bins),
      shape: [1, 1, bins],
      unit: "dB",
      dtMs: 5,
    }],
    stimMeta: [{}],
    nrnMeta: Array.from({ length: cells }, () => ({})),
    pairs: Array.from({ length: cells }, (_, cell) => ({
      stim: 0,
      cell,
      response: response(cell === 0 ? repeats : 1, cell),
    })),
    tally: { range: 0, step: 0, xcorr: 0, kept: 0 },
  });
}

Deno.test("batches: refuses too much padding before it allocates", async () => {
  const data = lopsided(20_000, 2000, 100);
  await assertRejects(
    () => Array.fromAsync(data.batches()),
    LimitError,
    "Cannot make batches: responses of (1, 20000, 2000, 100) take " +
      "32000000400 bytes with mask and stimuli, maxBytes is 2147483648; select " +
      "fewer cells, lower size or maxRepeats, or raise maxBytes",
  );
  const [batch] = await Array.fromAsync(data.batches({ maxRepeats: 2 }));
  assertEquals(batch?.responses.shape, [1, 20_000, 2, 100]);
  assertEquals(batch?.responses.data.subarray(0, 200).every(isZero), true);
  assertEquals(batch?.validMask.data.subarray(300, 400).every(isZero), true);
  data.selectNeurons([1, 2, 3]);
  const few = await Array.fromAsync(data.batches());
  assertEquals(few[0]?.responses.shape, [1, 3, 1, 100]);
  await assertRejects(
    () => Array.fromAsync(data.batches({ maxBytes: 1000 })),
    LimitError,
    "maxBytes is 1000",
  );
});

const isZero = (value: number): boolean => value === 0;

Deno.test("batches: refuses bounds out of range", () => {
  const data = lopsided(2, 3, 4);
  for (const name of ["maxRepeats", "maxBytes"]) {
    for (const value of [0, -1, 0.5, NaN]) {
      const options = { [name]: value };
      assertThrows(() => data.batches(options), RangeError, `${name} is`);
    }
  }
  assertThrows(
    () => data.batches({ maxRepeat: 1 } as object),
    RangeError,
    "there is no option maxRepeat, expected maxRepeats",
  );
});
