import type { CellMeta, NeuralDataset } from "rxephys";
import { assert, assertAlmostEquals, assertEquals } from "../assert.ts";
import { itemAt } from "../item_at.ts";

const FIXTURES = new URL("../../fixtures/wingert-small/", import.meta.url);

/** Folder with a small release: five sites, two of them with odd names. */
export const WINGERT_SMALL: string = decodeURIComponent(FIXTURES.pathname);

interface GoldenArray {
  readonly s: number;
  readonly n?: number;
  readonly shape: number[];
  readonly sum: number;
  readonly sumsq: number;
  readonly sha256: string;
}

/** Results of NumPy and h5py for the release. */
export interface GoldenWingert {
  readonly dt_ms: number;
  readonly F: number;
  readonly N: number;
  readonly S: number;
  readonly archives: Readonly<Record<string, string>>;
  readonly dropped_archives: readonly string[];
  readonly range_before_norm: {
    readonly stim?: [number, number];
    readonly resp?: [number, number];
    readonly stim_per_band?: [number[], number[]];
  };
  readonly nrn_meta: readonly Record<string, unknown>[];
  readonly stim_meta: readonly Record<string, unknown>[];
  readonly real: number;
  readonly sentinel: number;
  readonly stims: readonly GoldenArray[];
  readonly responses: readonly GoldenArray[];
  readonly stims_sha256: string;
  readonly responses_sha256: string;
}

/** Options of {@linkcode assertGoldenWingert}. */
export interface GoldenWingertOptions {
  /** Whether stimuli went through a logarithm, which may differ in the last bit. */
  readonly isLog?: boolean;
}

/** Reference of one load. */
export async function goldenWingert(name: string): Promise<GoldenWingert> {
  return JSON.parse(
    await Deno.readTextFile(new URL(`${name}.json`, FIXTURES)),
  );
}

/** Asserts that a dataset equals the one that NumPy made of the same release. */
export async function assertGoldenWingert(
  dataset: NeuralDataset,
  name: string,
  { isLog = false }: GoldenWingertOptions = {},
): Promise<void> {
  const golden = await goldenWingert(name);
  const { N, S, F, dt, signalType } = dataset;
  assertEquals({ N, S, F, dt, signalType }, {
    N: golden.N,
    S: golden.S,
    F: golden.F,
    dt: golden.dt_ms,
    signalType: "spikes",
  });
  assertEquals(dataset.nrnMeta.map(published), golden.nrn_meta.map(camelCased));
  assertEquals<unknown>(
    dataset.stimMeta,
    golden.stim_meta.map((meta) => ({
      ...meta,
      id: `${meta.session}/${meta.name}`,
    })),
  );
  const { species, hearingRangeHz, bandRangeHz } = dataset;
  assertEquals({ species, hearingRangeHz, bandRangeHz }, {
    species: "ferret",
    hearingRangeHz: [200, 40_000],
    bandRangeHz: [200, 20_000],
  });
  assertMasks(dataset, golden);
  await assertStimuli(dataset, golden, isLog);
  await assertResponses(dataset, golden);
}

/** Metadata of cells in the reference, with the library's keys. */
export function camelCased(
  meta: Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(meta).map(([key, value]) => [
      key.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()),
      value,
    ]),
  );
}

function published(
  { signalType, species, ...meta }: CellMeta,
): Record<string, unknown> {
  assertEquals([signalType, species], ["spikes", "ferret"]);
  return meta;
}

function assertMasks(dataset: NeuralDataset, golden: GoldenWingert): void {
  const heard = dataset.nrnMasks.flatMap((row, s) =>
    row.flatMap((mask, n) => mask ? [`${s},${n}`] : [])
  );
  assertEquals(heard, golden.responses.map(({ s, n }) => `${s},${n}`));
  assertEquals(heard.length, golden.real);
  const sentinels = dataset.responses.flat().filter(({ data }) =>
    Number.isNaN(data[0])
  );
  assertEquals(sentinels.length, golden.sentinel);
  assert(new Set(sentinels).size <= 1);
}

async function assertStimuli(
  { stims }: NeuralDataset,
  golden: GoldenWingert,
  isLog: boolean,
): Promise<void> {
  for (const { s, shape, sum, sumsq, sha256 } of golden.stims) {
    const { data } = itemAt(stims, s);
    assertEquals([...itemAt(stims, s).shape], shape);
    if (isLog) assertSums(data, sum, sumsq);
    else assertEquals(await sha256Of([data]), sha256, `stimulus ${s}`);
  }
  if (isLog) return;
  const all = await sha256Of(stims.map(({ data }) => data));
  assertEquals(all, golden.stims_sha256);
}

/** Asserts that each value, at most 1, is within 1e-6 of the reference. */
function assertSums(data: Float32Array, sum: number, sumsq: number): void {
  const bound = 1e-6 * data.length;
  assertAlmostEquals(data.reduce((a, b) => a + b, 0), sum, bound);
  assertAlmostEquals(data.reduce((a, b) => a + b * b, 0), sumsq, 2 * bound);
}

async function assertResponses(
  { responses }: NeuralDataset,
  golden: GoldenWingert,
): Promise<void> {
  const all: Float32Array[] = [];
  for (const { s, n = NaN, shape, sha256 } of golden.responses) {
    const response = itemAt(itemAt(responses, s), n);
    assertEquals([...response.shape], shape);
    assertEquals(await sha256Of([response.data]), sha256, `response ${s},${n}`);
    all.push(response.data);
  }
  assertEquals(await sha256Of(all), golden.responses_sha256);
}

async function sha256Of(arrays: readonly Float32Array[]): Promise<string> {
  const blob = new Blob(arrays.map((array) => array.slice()));
  const hash = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return new Uint8Array(hash).toHex();
}
