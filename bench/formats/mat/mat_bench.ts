/*
 * Reads a trial in the real layout: a v7 file with a trace of a million 16-bit
 * samples in a small struct, and a plain v6 struct file. Prints MB/s of uncompressed
 * bytes (of the file, if no trace is read), with a bare inflate as the bound.
 */
import { inflateSync } from "node:zlib";
import {
  listMatVariables,
  type MatValue,
  readMat,
} from "../../../src/formats/mat/mat.ts";
import {
  CLASS,
  compressed,
  element,
  fields,
  joined,
  level5,
  matrix,
  trace,
} from "../../../tests/support/archives/mat_pack.ts";
import { itemAt } from "../../../tests/support/item_at.ts";

const SAMPLES = recording(1_000_000);
const RECORD = matrix(
  CLASS.struct,
  [1, 1],
  "response",
  fields("trace", "scale", "sf"),
  trace("", SAMPLES),
  double(0.0305),
  double(10_000),
);
const TRIGGERS = compressed(structs("triggers", 1));
const V7 = level5(TRIGGERS, compressed(RECORD));
const V6 = level5(structs("table", 5_000));

// A membrane potential: a slow walk with noise of a few steps.
function recording(length: number): Int16Array {
  let state = 1;
  let level = -2000;
  return Int16Array.from({ length }, () => {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    level += (state >> 29) + (level < -2000 ? 1 : 0);
    return level + (state >> 26);
  });
}

function double(value: number): Uint8Array {
  const bytes = new Uint8Array(Float64Array.of(value).buffer);
  return matrix(CLASS.double, [1, 1], "", element(9, bytes));
}

function structs(name: string, count: number): Uint8Array {
  const text = element(16, new TextEncoder().encode("naturalsound"));
  const one = [matrix(CLASS.char, [1, 12], "", text), double(1.5)];
  const content = Array.from({ length: count }, () => joined(...one));
  const head = fields("type", "time");
  return matrix(CLASS.struct, [1, count], name, head, ...content);
}

function samplesOf(value: MatValue): ArrayLike<unknown> {
  if (value.type !== "struct") throw new Error(`a ${value.type} was read`);
  const trace = value.elements[0]?.trace;
  if (trace?.type !== "numeric") throw new Error(`a ${trace?.type} was read`);
  return trace.data;
}

function check(): void {
  const read = samplesOf(itemAt(readMat(V7), "response"));
  const same = read.length === SAMPLES.length &&
    SAMPLES.every((sample, i) => sample === read[i]);
  if (!same) throw new Error("the values read differ from those packed");
}

function print(name: string, bytes: number, act: () => unknown): void {
  const times = Array.from({ length: 15 }, () => {
    const start = performance.now();
    act();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const middle = times[7] as number;
  const rate = bytes / middle / 1000;
  console.log(
    `${name}: ${middle.toFixed(3)} ms, ${rate.toFixed(0)} MB/s ` +
      `(${bytes} bytes)`,
  );
}

const PACKED = V7.subarray(128 + TRIGGERS.length + 8);
const size = RECORD.length;
const inflate = (): unknown => inflateSync(PACKED, { chunkSize: size + 1 });
const list = (): unknown => listMatVariables(V7);
const readTriggers = (): unknown => readMat(V7, { variables: ["triggers"] });
const readV7 = (): unknown => readMat(V7);
const readV6 = (): unknown => readMat(V6);

check();
print("v7 listed", V7.length, list);
print("v7 small struct read", V7.length, readTriggers);
print("v7 bare inflate", size, inflate);
print("v7 read", size, readV7);
print("v6, 5,000 structs read", V6.length, readV6);

Deno.bench("bare inflate", { group: "v7 trace", baseline: true }, () => {
  inflate();
});
Deno.bench("read", { group: "v7 trace" }, () => {
  readV7();
});
Deno.bench("read the small struct alone", { group: "v7 trace" }, () => {
  readTriggers();
});
Deno.bench("list", { group: "v7 trace" }, () => {
  list();
});
Deno.bench("read 5,000 structs", { group: "v6" }, () => {
  readV6();
});
