/**
 * Reads both halves of a synthetic release of 100 MB to a dataset, on one core and
 * in workers. The datasets are compared value by value first. The release stays in
 * the data folder for the next run.
 */
import {
  crcnsAc1,
  crcnsAc1Pipeline,
  dataFolder,
  type NeuralDataset,
  toDataset,
} from "rxephys";
import { writeSyntheticAc1 } from "rxephys/synthetic";
import { lastValueFrom } from "rxjs";
import { pathExists } from "../_files.ts";

const MEGABYTES = 100;
const WORKERS = [1, 2, navigator.hardwareConcurrency];

const release = dataFolder(`crcns-ac1-bench-${MEGABYTES}`);
if (!await pathExists(`${release}/truth.json`)) {
  console.log(`Writing ${MEGABYTES} MB to ${release}`);
  await writeSyntheticAc1(release, { seed: 1, scale: MEGABYTES });
}

const one = await load(false);
for (const workers of new Set(WORKERS)) {
  const group = `${MEGABYTES} MB to a dataset`;
  if (workers === 1) {
    const fn = async (): Promise<void> => void await load(false);
    Deno.bench({ name: "one core", group, baseline: true, n: 5, fn });
  }
  assertSame(await load(workers), one, workers);
  const fn = async (): Promise<void> => void await load(workers);
  Deno.bench({ name: `parallel, ${workers} workers`, group, n: 5, fn });
}

function load(parallel: number | false): Promise<NeuralDataset> {
  return lastValueFrom(
    crcnsAc1(release).pipe(crcnsAc1Pipeline({ parallel }), toDataset()),
  );
}

function assertSame(
  many: NeuralDataset,
  one: NeuralDataset,
  workers: number,
): void {
  const values = (dataset: NeuralDataset): Float32Array[] =>
    [...dataset.stims, ...dataset.responses.flat()].map(({ data }) => data);
  const expected = values(one);
  const isSame = values(many).every((data, i) =>
    data.length === expected[i]?.length &&
    data.every((value, at) => Object.is(value, expected[i]?.[at]))
  );
  if (!isSame || many.S !== one.S || many.N !== one.N) {
    throw new Error(
      `the dataset of ${workers} workers differs from one core's`,
    );
  }
}
