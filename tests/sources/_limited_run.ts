/*
 * Reads a hostile corpus with the default limits; a test runs it in a process
 * of limited memory. Prints a line for each file: its name and its error.
 */
import { constants, deflateRawSync } from "node:zlib";
import { DataError, LimitError } from "../../src/errors.ts";
import { DEFAULT_LIMITS } from "../../src/base/limits.ts";
import { readMat } from "../../src/formats/mat/mat.ts";
import { readAll } from "../support/release_models.ts";
import {
  CLASS,
  compressed,
  element,
  fields,
  joined,
  level5,
  matrix,
  words,
} from "../support/archives/mat_pack.ts";
import { HOSTILE_READERS } from "./_hostile_readers.ts";
import { HOSTILE } from "./_hostile_values.ts";

const FOLDER = new URL("../fixtures/hostile/", import.meta.url);
const MOST_MS = 10_000;

const structs = matrix(CLASS.struct, [1, 2 ** 20], "", fields());
const blanks = matrix(CLASS.char, [2 ** 20, 0], "", element(4, words()));

/** An array that ends with an element of zeros, packed to a thousandth. */
function withGibibytes(
  count: number,
  head: Uint8Array,
  type: number,
): Uint8Array {
  const options = { finishFlush: constants.Z_FULL_FLUSH };
  const mebibyte = deflateRawSync(new Uint8Array(2 ** 20), options);
  const size = count * 2 ** 30;
  const start = joined(
    words(14, head.length + 8 + size),
    head,
    words(type, size),
  );
  const data = joined(
    Uint8Array.of(0x78, 0x9c),
    deflateRawSync(start, options),
    ...Array(1024 * count).fill(mebibyte),
  );
  return joined(words(15, data.length), data);
}

/** Small MATLAB files that claim much, by their names. */
const MAT_FILES: Readonly<Record<string, () => Uint8Array>> = {
  "200 structs of a million elements": () =>
    level5(matrix(CLASS.cell, [200, 1], "x", ...Array(200).fill(structs))),
  "500 empty texts of a million rows": () =>
    level5(matrix(CLASS.cell, [500, 1], "x", ...Array(500).fill(blanks))),
  "a GiB behind a text of one letter": () => {
    const text = matrix(CLASS.char, [1, 1], "x");
    return level5(withGibibytes(1, text.subarray(8), 4));
  },
  "a header of 3 GiB": () =>
    level5(withGibibytes(3, element(6, words(CLASS.double, 0)), 5)),
  "20,000 variables": () => {
    const tiny = matrix(CLASS.double, [1, 1], "x", element(2, words(1)));
    return level5(...Array(20_000).fill(compressed(tiny)));
  },
};

async function report(
  name: string,
  read: () => Promise<void> | void,
): Promise<void> {
  const start = performance.now();
  const error = await outcome(read);
  const ms = performance.now() - start;
  if (ms > MOST_MS) throw new Error(`${name} takes ${Math.round(ms)} ms`);
  console.log(`${name}: ${error}`);
}

async function outcome(read: () => Promise<void> | void): Promise<string> {
  try {
    await read();
    return "read";
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return error instanceof LimitError ? "beyond a limit" : "refused";
  }
}

for (const [name, { sessions }] of Object.entries(HOSTILE)) {
  await report(name, async () => await readAll(await sessions()));
}
for (const { name } of Deno.readDirSync(FOLDER)) {
  const read = HOSTILE_READERS[name.split("-", 1)[0] ?? ""];
  if (read === undefined) continue;
  const bytes = Deno.readFileSync(new URL(name, FOLDER));
  await report(name, () => read(name, bytes, DEFAULT_LIMITS, () => {}));
}
for (const [name, bytesOf] of Object.entries(MAT_FILES)) {
  const bytes = bytesOf();
  await report(name, () => void readMat(bytes));
}
