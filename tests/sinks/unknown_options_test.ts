import {
  ccmax,
  type NeuralDataset,
  normalizedCorrcoef,
  readDataset,
  toAsyncIterable,
  toDataset,
  toNdjson,
  toNpz,
  toSafetensors,
  toZarr,
} from "rxephys";
import { EMPTY } from "rxjs";
import { assertRejects, assertThrows } from "../support/assert.ts";
import { randomDataset } from "../support/sessions/random_dataset.ts";

const misspelt = (name: string): never => ({ [name]: 1 }) as never;

Deno.test("unknown options are refused with the nearest name as a suggestion", async () => {
  const data: NeuralDataset = randomDataset(1);
  const tensor = { data: new Float32Array(4), shape: [1, 1, 2, 2] };
  const predictions = { data: new Float32Array(2), shape: [1, 1, 2] };
  const calls: readonly (readonly [string, string, () => unknown])[] = [
    ["concurency", "concurrency", () => toDataset(misspelt("concurency"))],
    ["overwite", "overwrite", () => toNdjson("x", misspelt("overwite"))],
    ["resumed", "resume", () => toNpz("x", misspelt("resumed"))],
    ["progress", "onProgress", () => toSafetensors("x", misspelt("progress"))],
    ["overWrite", "overwrite", () => toZarr("x", misspelt("overWrite"))],
    [
      "preFetch",
      "prefetch",
      () => toAsyncIterable(EMPTY, misspelt("preFetch")),
    ],
    ["batchSize", "size", () => data.batches(misspelt("batchSize"))],
    ["mask", "validMask", () => ccmax(tensor, misspelt("mask"))],
    [
      "metod",
      "method",
      () => normalizedCorrcoef(predictions, tensor, misspelt("metod")),
    ],
  ];
  for (const [name, nearest, call] of calls) {
    const text = `there is no option ${name}, expected ${nearest}`;
    assertThrows(call, RangeError, text);
  }
  await assertRejects(
    () => readDataset("x", misspelt("signl")),
    RangeError,
    "there is no option signl, expected signal",
  );
});

Deno.test("other sinks refuse NDJSON's arrays option", () => {
  assertThrows(() => toNpz("x", misspelt("arrays")), RangeError, "no option");
});
