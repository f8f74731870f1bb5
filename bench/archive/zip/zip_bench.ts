/**
 * Reads whole members of a zip, next to a plain inflate of the same bytes in memory.
 * The difference is the directory, one file read per member, and the CRC.
 *
 * Run with `deno bench -A bench/archive/`.
 *
 * @module
 */
import { inflateRawSync } from "node:zlib";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip-js/zip-js";
import { openZip } from "../../../src/archive/zip/zip.ts";
import { itemAt } from "../../../tests/support/item_at.ts";

const FILES = 300;
const SAMPLES = 60_000;

// A slow wave with noise in the low bits, as int16, compresses like a recording.
function recording(seed: number): Uint8Array {
  let state = seed + 1;
  const samples = Int16Array.from({ length: SAMPLES }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return 2000 * Math.sin(i / 900 + seed) + (state >>> 27);
  });
  return new Uint8Array(samples.buffer);
}

async function writeZip(path: string): Promise<void> {
  const target = new Uint8ArrayWriter();
  const writer = new ZipWriter(target, { useWebWorkers: false });
  for (let i = 0; i < FILES; i++) {
    await writer.add(`trial-${i}.mat`, new Uint8ArrayReader(recording(i)));
  }
  await writer.close();
  await Deno.writeFile(path, await target.getData());
}

const path = await Deno.makeTempFile({ suffix: ".zip" });
await writeZip(path);
globalThis.addEventListener("unload", () => Deno.removeSync(path));

const archive = await openZip(path);
const packed = packedMembers(await Deno.readFile(path));
const total = archive.members.reduce((sum, { size }) => sum + size, 0);

// All sizes are known and all headers have the length that zip.js writes, so the
// baseline finds its bytes by the local headers alone.
function packedMembers(zip: Uint8Array): Uint8Array[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  let central = view.getUint32(zip.length - 6, true);
  return Array.from({ length: FILES }, () => {
    const local = view.getUint32(central + 42, true);
    const start = local + 30 + view.getUint16(local + 26, true) +
      view.getUint16(local + 28, true);
    const bytes = zip.slice(start, start + view.getUint32(central + 20, true));
    central += 46 + view.getUint16(central + 28, true) +
      view.getUint16(central + 30, true) + view.getUint16(central + 32, true);
    return bytes;
  });
}

function inflateAll(): number {
  return packed.reduce((sum, bytes) => sum + inflateRawSync(bytes).length, 0);
}

function inflateSized(): number {
  const options = { chunkSize: 2 * SAMPLES + 1 };
  return packed.reduce(
    (sum, bytes) => sum + inflateRawSync(bytes, options).length,
    0,
  );
}

async function readAll(): Promise<number> {
  let sum = 0;
  for (const member of archive.members) {
    sum += (await archive.read(member.path)).length;
  }
  return sum;
}

async function streamAll(): Promise<number> {
  let sum = 0;
  for (const member of archive.members) {
    for await (const piece of archive.stream(member.path)) sum += piece.length;
  }
  return sum;
}

async function checkSame(): Promise<void> {
  for (const [i, { path }] of archive.members.entries()) {
    const whole = await archive.read(path);
    const plain = inflateRawSync(itemAt(packed, i));
    if (plain.compare(whole) !== 0 || plain.compare(recording(i)) !== 0) {
      throw new Error(`${path} differs`);
    }
  }
}

await checkSame();
for (const run of [inflateAll, inflateSized, readAll, streamAll]) {
  if (await run() !== total) throw new Error(`${run.name} read too few bytes`);
  const start = performance.now();
  await run();
  const seconds = (performance.now() - start) / 1000;
  const rate = total / 1e6 / seconds;
  console.log(`${run.name}: ${rate.toFixed(0)} MB/s of unpacked bytes`);
}

const group = `${FILES} deflated members, ${(total / 1e6).toFixed(0)} MB`;

Deno.bench("plain inflate in memory", { group, baseline: true }, () => {
  inflateAll();
});

Deno.bench("plain inflate in memory, one block", { group }, () => {
  inflateSized();
});

Deno.bench("read every member", { group }, async () => {
  await readAll();
});

Deno.bench("stream every member", { group }, async () => {
  await streamAll();
});

Deno.bench("open", { group: `directory of ${FILES} members` }, async () => {
  await openZip(path);
});
