import type { NeuralDataset } from "rxephys";
import { assert, assertAlmostEquals, assertEquals } from "../assert.ts";
import { itemAt } from "../item_at.ts";

const FIXTURES = new URL("../../fixtures/ac1-tiny/", import.meta.url);

/** Folder with the three zips of the tiny release. */
export const AC1_TINY: string = decodeURIComponent(FIXTURES.pathname);

interface Golden {
  N: number;
  S: number;
  F: number;
  dt: number;
  signal_type: string;
  coverage: number;
  rejections: Record<string, number>;
  stim_shapes: number[][];
  nrn_meta: Record<string, unknown>[];
  stim_meta: Record<string, unknown>[];
  responses: {
    stim: number;
    cell: number;
    shape: number[];
    sum: number;
    sumsq: number;
  }[];
  stims: { sum: number; sumsq: number }[];
  quality: { snr: number; ccmax: number }[];
  arrays?: Record<string, { offset: number; shape: number[] }>;
}

/** Asserts that a dataset equals the one that SciPy made of the same release. */
export async function assertGolden(
  dataset: NeuralDataset,
  name: string,
): Promise<void> {
  const golden: Golden = JSON.parse(
    await Deno.readTextFile(new URL(`${name}.json`, FIXTURES)),
  );
  assertCounts(dataset, golden);
  assertEquals<unknown>(dataset.nrnMeta, golden.nrn_meta.map(camelCased));
  assertEquals<unknown>(dataset.stimMeta, golden.stim_meta.map(camelCased));
  assertSums(dataset, golden);
  assertQuality(dataset, golden);
  if (golden.arrays) {
    const floats = await Deno.readFile(new URL(`${name}.f32`, FIXTURES));
    assertArrays(dataset, golden.arrays, floats.buffer);
  }
}

function assertCounts(dataset: NeuralDataset, golden: Golden): void {
  const { N, S, F, dt, signalType, coverage, tally } = dataset;
  assertEquals(
    { N, S, F, dt, signal_type: signalType, coverage, rejections: tally },
    {
      N: golden.N,
      S: golden.S,
      F: golden.F,
      dt: golden.dt,
      signal_type: golden.signal_type,
      coverage: golden.coverage,
      rejections: golden.rejections,
    } as unknown,
  );
  assertEquals(
    dataset.stims.map(({ shape }) => [...shape]),
    golden.stim_shapes,
  );
  const heard = golden.responses.map(({ stim, cell }) => `${stim},${cell}`);
  assertEquals(
    dataset.nrnMasks.flatMap((row, s) =>
      row.flatMap((mask, n) => mask ? [`${s},${n}`] : [])
    ).sort(),
    heard.sort(),
  );
}

function assertSums(dataset: NeuralDataset, golden: Golden): void {
  for (const { stim, cell, shape, sum, sumsq } of golden.responses) {
    const response = itemAt(itemAt(dataset.responses, stim), cell);
    assertEquals([...response.shape], shape);
    assertSum(response.data, sum, sumsq);
  }
  for (const [s, { sum, sumsq }] of golden.stims.entries()) {
    assertSum(itemAt(dataset.stims, s).data, sum, sumsq);
  }
}

function assertSum(data: Float32Array, sum: number, sumsq: number): void {
  // Float32 sums of the reference: each value is within 1e-5 of the maximum.
  const peak = Math.sqrt(sumsq / data.length);
  const tolerance = 1e-5 * peak * data.length;
  assertAlmostEquals(data.reduce((a, b) => a + b, 0), sum, tolerance);
  assertAlmostEquals(
    data.reduce((a, b) => a + b * b, 0),
    sumsq,
    1e-5 * sumsq,
  );
}

function assertQuality(dataset: NeuralDataset, golden: Golden): void {
  const quality = dataset.computeNeuronQuality();
  assertEquals(quality.length, golden.quality.length);
  for (const [n, { snr, ccmax }] of golden.quality.entries()) {
    // The reference computes on float32 responses: 1e-5 of them.
    assertAlmostEquals(
      Number(itemAt(quality, n).snr),
      snr,
      1e-5 * Math.abs(snr),
    );
    assertAlmostEquals(Number(itemAt(quality, n).ccmax), ccmax, 1e-5);
    assertEquals(itemAt(dataset.nrnMeta, n).snr, itemAt(quality, n).snr);
    assertEquals(itemAt(dataset.nrnMeta, n).ccmax, itemAt(quality, n).ccmax);
  }
}

function assertArrays(
  dataset: NeuralDataset,
  arrays: NonNullable<Golden["arrays"]>,
  floats: ArrayBufferLike,
): void {
  for (const [name, { offset, shape }] of Object.entries(arrays)) {
    const [kind, s, n] = name.split("_");
    const length = shape.reduce((a, b) => a * b, 1);
    const expected = new Float32Array(floats, offset, length);
    if (kind === "stim") {
      assertBands(itemAt(dataset.stims, Number(s)).data, expected, name);
    } else {
      const peak = expected.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      const actual =
        itemAt(itemAt(dataset.responses, Number(s)), Number(n)).data;
      assertClose(actual, expected, 1e-5 * peak, name);
    }
  }
}

function assertBands(
  actual: Float32Array,
  expected: Float32Array,
  name: string,
): void {
  assertEquals(actual.length, expected.length);
  for (const [i, value] of expected.entries()) {
    if (value <= -160) assert(itemAt(actual, i) <= -159, `${name}[${i}]`);
    else assertAlmostEquals(itemAt(actual, i), value, 1e-4, `${name}[${i}]`);
  }
}

function assertClose(
  actual: Float32Array,
  expected: Float32Array,
  tolerance: number,
  name: string,
): void {
  assertEquals(actual.length, expected.length);
  for (const [i, value] of expected.entries()) {
    assertAlmostEquals(itemAt(actual, i), value, tolerance, `${name}[${i}]`);
  }
}

function camelCased(meta: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(meta).map(([key, value]) => [
      key.replace(/^_/, "").replace(/_(\w)/g, (_, c) => c.toUpperCase()),
      value,
    ]),
  );
}
