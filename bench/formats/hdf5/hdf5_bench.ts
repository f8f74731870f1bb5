/*
 * Reads the two HDF5 files of a site in the real layout: 60 stimuli of 32 x 2000
 * values in chunks of 4 x 500, and 20 cells of 30,000 spikes. Prints MB/s of values,
 * with a bare inflate of the same chunks as the bound, and the memory after 68
 * sites in a row.
 *
 * The peer, h5wasm, is not a dependency; the docs of openHdf5 cite its figures.
 */
import { deflateSync, inflateSync } from "node:zlib";
import { openHdf5 } from "../../../src/formats/hdf5/hdf5.ts";
import { Hdf5Writer } from "../../../src/synthetic/wingert/hdf5_writer.ts";

const BANDS = 32;
const BINS = 2000;
const STIMULI = 60;
const CELLS = 20;
const SPIKES = 30_000;
const SITES = 68;
const CHUNK = 4 * 500;

let state = 1;

function random(): number {
  state = Math.imul(state, 1664525) + 1013904223 | 0;
  return (state >>> 0) / 2 ** 32;
}

/** A smooth envelope, which compresses like a real one. */
function stimulus(): Float64Array {
  let level = 0;
  return Float64Array.from({ length: BANDS * BINS }, (_, i) => {
    level = 0.9 * level + random();
    const bin = i % BINS;
    return bin < 100 || bin >= BINS - 100 ? 0 : Math.sqrt(level);
  });
}

function spikes(): Float64Array {
  const ticks = Float64Array.from({ length: SPIKES }, () => random() * 1e8);
  return ticks.sort().map((tick) => Math.round(tick) / 30_000);
}

const stimuli = Array.from({ length: STIMULI }, stimulus);
const trains = Array.from({ length: CELLS }, spikes);
const stimFile = written(stimuli, [BANDS, BINS]);
const respFile = written(trains, [SPIKES]);
const chunks = stimuli.flatMap((values) =>
  Array.from({ length: values.length / CHUNK }, (_, i) => {
    const chunk = values.slice(CHUNK * i, CHUNK * (i + 1));
    return deflateSync(new Uint8Array(chunk.buffer), { level: 4 });
  })
);

function written(
  datasets: readonly Float64Array[],
  shape: readonly number[],
): Uint8Array {
  const writer = new Hdf5Writer();
  datasets.forEach((data, i) => writer.add(name(i), data, shape));
  return writer.finish();
}

function name(i: number): string {
  return `dataset-${String(i).padStart(3, "0")}`;
}

function readAll(bytes: Uint8Array): Float64Array[] {
  using file = openHdf5(bytes);
  return file.names.map((name) => file.read(name).data);
}

function assertSame(
  found: readonly Float64Array[],
  expected: readonly Float64Array[],
): void {
  const isSame = found.length === expected.length &&
    found.every((data, i) =>
      data.every((value, k) => value === expected[i]?.[k])
    );
  if (!isSame) {
    throw new RangeError(
      "Cannot bench: the values read differ from those written",
    );
  }
}

assertSame(readAll(stimFile), stimuli);
assertSame(readAll(respFile), trains);

const stimBytes = 8 * BANDS * BINS * STIMULI;
const respBytes = 8 * SPIKES * CELLS;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

let read = 0;
const start = performance.now();
const held: number[] = [];
for (let site = 0; site < SITES; site++) {
  for (const bytes of [stimFile, respFile]) {
    for (const { byteLength } of readAll(bytes.slice())) read += byteLength;
  }
  if (site % 17 === 16) held.push(Deno.memoryUsage().rss);
}
const seconds = (performance.now() - start) / 1000;
console.log(
  `${SITES} sites: ${(read / 1e6 / seconds).toFixed(0)} MB/s, process after ` +
    `each quarter: ${held.map(megabytes).join(", ")}`,
);

Deno.bench(`inflate alone: ${megabytes(stimBytes)} of stimuli`, {
  group: "hdf5 stimuli",
  baseline: true,
}, () => {
  for (const chunk of chunks) inflateSync(chunk);
});

Deno.bench(`openHdf5: ${megabytes(stimBytes)} of stimuli`, {
  group: "hdf5 stimuli",
}, () => void readAll(stimFile));

Deno.bench(`openHdf5: ${megabytes(respBytes)} of spike times`, {
  group: "hdf5 spikes",
}, () => void readAll(respFile));
