import {
  FormatError,
  LimitError,
  UnsupportedError,
} from "../../../src/errors.ts";
import { listMatVariables, readMat } from "../../../src/formats/mat/mat.ts";
import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "../../support/assert.ts";
import { assertReadsAs, numbersOf, refusal } from "./_mat_assert.ts";
import {
  CLASS,
  compressed,
  element,
  fields,
  joined,
  level4,
  level5,
  matrix,
  trace,
  words,
} from "../../support/archives/mat_pack.ts";
import { readReferences } from "./_mat_plain.ts";
import { itemAt } from "../../support/item_at.ts";
import { flipByte } from "../../support/flip_byte.ts";

const FIXTURES = new URL("../../fixtures/mat/", import.meta.url);
const SAMPLES = Int16Array.from({ length: 2000 }, (_, i) => i * i % 4001);

function fixture(name: string): Uint8Array {
  return Deno.readFileSync(new URL(name, FIXTURES));
}

function testReferences(folder: string, references: string): void {
  const byName = readReferences(new URL(references, FIXTURES));
  for (const { name } of Deno.readDirSync(new URL(folder, FIXTURES))) {
    if (!name.endsWith(".mat")) continue;
    Deno.test(`mat5: ${folder}${name} matches its reference`, () => {
      const reference = byName.get(name);
      assert(reference !== undefined, "it has no reference");
      const file = fixture(folder + name);
      assertReadsAs(file, reference);
    });
  }
}

testReferences("", "expected.json");
testReferences("scipy/", "scipy_corpus.json");

Deno.test("mat5: version 7.3 is named, with or without MATLAB's header", () => {
  const matlab = fixture("v73.mat");
  const blankHeader = matlab.slice().fill(32, 0, 512);
  const laterVersion = matlab.slice();
  laterVersion[125] = 3;
  const place = { archive: "a.zip", member: "b.mat" };
  for (const file of [matlab, matlab.slice(512), blankHeader, laterVersion]) {
    const error = refusal(() => readMat(file, place));
    assert(error instanceof UnsupportedError);
    assertStringIncludes(error.message, "7.3 (HDF5)");
    assertEquals(error.archive, "a.zip");
    assertEquals(error.member, "b.mat");
  }
});

Deno.test("mat5: level 4 is refused with advice", () => {
  for (const name of ["level4_le.mat", "level4_be.mat", "level4_vax.mat"]) {
    assertThrows(
      () => readMat(fixture(name)),
      UnsupportedError,
      "Cannot read MAT file: it is of level 4 (-v4), expected v6 or v7; save " +
        "it with -v7",
    );
  }
});

Deno.test("mat5: a sparse matrix is listed, and refused when it is read", () => {
  const file = level5(trace("x", SAMPLES), matrix(5, [2, 3], "s", scalar));
  assertEquals(
    listMatVariables(file).map(({ name, class: kind }) => [name, kind]),
    [["x", "double"], ["s", "sparse"]],
  );
  assertEquals(
    numbersOf(itemAt(readMat(file, { variables: ["x"] }), "x")),
    SAMPLES,
  );
  for (const options of [{ variables: ["s"] }, {}]) {
    assertThrows(
      () => readMat(file, options),
      UnsupportedError,
      "a matrix is sparse, expected a full one: save it as full(x)",
    );
  }
  const inside = level5(cell(matrix(5, [2, 3], "", scalar)));
  assertThrows(() => readMat(inside), UnsupportedError, "a matrix is sparse");
});

Deno.test("mat5: a header that does not compress is listed", () => {
  const letters = Array.from(SAMPLES, (sample) => 97 + sample * sample % 25);
  const name = String.fromCharCode(...letters);
  const file = level5(compressed(trace(name, SAMPLES)));
  assert(compressed(trace(name, SAMPLES)).length > 2048);
  assertEquals(listMatVariables(file).map(({ name }) => name), [name]);
});

Deno.test("mat5: only the requested variables are decoded", () => {
  const good = compressed(trace("good", SAMPLES));
  const bad = compressed(trace("bad", SAMPLES));
  // Far after the header, which the listing inflates.
  flipByte(bad, bad.length - 8, 0xff);
  const file = level5(good, bad);
  assertEquals(listMatVariables(file).map(({ name, shape }) => [name, shape]), [
    ["good", [1, 2000]],
    ["bad", [1, 2000]],
  ]);
  const values = readMat(file, { variables: ["good"] });
  assertEquals(Object.keys(values), ["good"]);
  assertEquals(numbersOf(itemAt(values, "good")), SAMPLES);
  assertEquals(refusal(() => readMat(file)).offset, 128 + good.length);
});

Deno.test("mat5: a missing or repeated variable is refused", () => {
  const file = level5(trace("x", SAMPLES), trace("y", SAMPLES));
  assertThrows(
    () => readMat(file, { variables: ["z"], member: "b.mat" }),
    FormatError,
    'Cannot read MAT file: it has no variable "z", only: x, y (member "b.mat")',
  );
  const twice = level5(trace("x", SAMPLES), trace("x", SAMPLES));
  assertThrows(
    () => readMat(twice),
    FormatError,
    'Cannot read MAT file: it has 2 variables "x"',
  );
  assertEquals(listMatVariables(twice).length, 2);
});

Deno.test("mat5: aligned numbers are views of the file, others copies", () => {
  const file = level5(trace("x", SAMPLES));
  const x = itemAt(readMat(file), "x");
  assert(x.type === "numeric" && x.data.buffer === file.buffer);
  const shifted = joined(new Uint8Array(1), file).subarray(1);
  const moved = itemAt(readMat(shifted), "x");
  assert(moved.type === "numeric" && moved.data.buffer !== shifted.buffer);
  assertEquals(moved.data, SAMPLES);
});

Deno.test("mat5: an error names archive, member and byte", () => {
  const place = { archive: "a.zip", member: "b.mat" };
  const variable = trace("x", SAMPLES);
  // The type of the numbers, after 56 bytes of tag, flags, shape and name.
  variable[56] = 99;
  const first = trace("first", SAMPLES);
  const at = 128 + first.length;
  const stored = refusal(() => readMat(level5(first, variable), place));
  assertEquals(
    stored.message,
    "Cannot read MAT file: numbers are of data type 99, expected a numeric " +
      `one (archive "a.zip", member "b.mat", byte ${at + 56})`,
  );
  assertEquals(
    [stored.archive, stored.member, stored.offset],
    ["a.zip", "b.mat", at + 56],
  );
  const packed = refusal(() =>
    readMat(level5(first, compressed(variable)), place)
  );
  assertStringIncludes(packed.message, "at byte 56 of what the variable infl");
  assertEquals(packed.offset, at);
});

const cell = (content: Uint8Array): Uint8Array =>
  matrix(CLASS.cell, [1, 1], "", content);
const numbers = element(2, new Uint8Array([1]));
const scalar = matrix(CLASS.double, [1, 1], "", numbers);

function nested(levels: number): Uint8Array {
  let value = scalar;
  for (let i = 0; i < levels; i++) value = cell(value);
  return value;
}

Deno.test("mat5: arrays nest 100 deep, not deeper", () => {
  readMat(level5(nested(100)));
  assertThrows(
    () => readMat(level5(nested(101))),
    LimitError,
    "limits.nesting is 100",
  );
  // Deeper than a stack can go.
  const deep = compressed(nested(3000));
  assertThrows(() => readMat(level5(deep)), LimitError, "nested deeper");
});

/** Compressed variable with bytes after the end of its zlib stream. */
function withTail(): Uint8Array {
  const variable = joined(compressed(scalar), new Uint8Array(3));
  variable.set(words(variable.length - 8), 4);
  return level5(variable);
}

/** A compressed variable whose inner tag claims a length. */
function claiming(length: number): Uint8Array {
  const variable = trace("x", SAMPLES);
  variable.set(words(length), 4);
  return level5(compressed(variable));
}

const HUGE = 2 ** 31 - 1;
/** Most elements of an array. */
const MANY = 2 ** 28;
const damaged: readonly [string, Uint8Array, string][] = [
  ["nothing", new Uint8Array(0), "it is 0 bytes long"],
  ["text", new TextEncoder().encode("not a file ".repeat(20)), "byte order"],
  ["a variable of no known kind", level5(words(9, 8, 0, 0)), "data type 9"],
  ["a tag cut short", level5(words(14)), "4 bytes follow the last variable"],
  ["zeros behind the last variable", level5(words(0, 0)), "data type 0"],
  ["a variable without bytes", level5(words(14, 0)), "claims 0 bytes"],
  ["a variable cut short", level5(words(14, 99)), "claims 99 bytes where 0"],
  [
    "a shape larger than its numbers",
    level5(matrix(CLASS.double, [MANY, 1], "x", numbers)),
    "shape 268435456 x 1 has 1 numbers",
  ],
  [
    "more cells than bytes",
    level5(matrix(CLASS.cell, [MANY, 1], "x", scalar)),
    "268435456 elements need",
  ],
  [
    "more structs than bytes",
    level5(matrix(CLASS.struct, [MANY, 1], "x", fields("a"), scalar)),
    "268435456 elements need",
  ],
  [
    "one axis",
    level5(matrix(CLASS.double, [1], "x", numbers)),
    "1 axes, expected 2 to 32",
  ],
  [
    "an unknown class",
    level5(matrix(18, [1, 1], "x", numbers)),
    "class 18, expected 1 to 17",
  ],
  [
    "bytes behind the numbers",
    level5(matrix(CLASS.double, [1, 1], "x", numbers, numbers)),
    "16 bytes more than its shape needs",
  ],
  [
    "text of another length",
    level5(matrix(CLASS.char, [1, 3], "x", element(4, words(65, 66)))),
    "text of shape 1 x 3 has 4 characters",
  ],
  [
    "text of more bytes than its characters can take",
    level5(matrix(CLASS.char, [1, 1], "x", element(16, new Uint8Array(5)))),
    "text of 1 characters has 5 bytes",
  ],
  [
    "a code point beyond Unicode",
    level5(matrix(CLASS.char, [1, 1], "x", element(18, words(0x110000)))),
    "1114112 is no Unicode code point",
  ],
  ["bytes behind a zlib stream", withTail(), "bytes follow the end"],
  [
    "a claim beyond zlib's ratio",
    claiming(2 ** 30),
    "compressed ones are left",
  ],
  ["a claim of more than inflates", claiming(5000), "where its tag says 5008"],
  ["a claim of less", claiming(3000), "inflates to more than its tag says"],
  [
    "a number of no level 4 type",
    level4(6000, [1, 1], [1]),
    "it is 30 bytes long",
  ],
];
for (const [name, file, message] of damaged) {
  Deno.test(`mat5: ${name} is refused`, () => {
    assertThrows(() => readMat(file), FormatError, message);
  });
}

const EMPTY = element(4, new Uint8Array(0));
/** 131,072 elements that take no byte each. */
const fieldless = (name: string): Uint8Array =>
  matrix(CLASS.struct, [1, 2 ** 17], name, fields());
const ROWS = matrix(CLASS.char, [2 ** 17, 0], "", EMPTY);

const excessive: readonly [string, Uint8Array, string][] = [
  [
    "2 GB in one variable",
    claiming(2 ** 31),
    "limits.arrayBytes is 2147483648",
  ],
  [
    "structs without fields",
    level5(matrix(CLASS.struct, [MANY, 1], "x", fields())),
    "take no byte",
  ],
  [
    "rows without characters",
    level5(matrix(CLASS.char, [HUGE, 0], "x", element(4, new Uint8Array(0)))),
    "take no byte",
  ],
  [
    "blank text",
    level5(matrix(CLASS.char, [1, MANY], "x", element(4, new Uint8Array(0)))),
    "text claims 268435456 characters: limits.textLength is 1048576",
  ],
  [
    "many structs without fields, each within the limit",
    level5(matrix(CLASS.cell, [1, 9], "x", ...Array(9).fill(fieldless("")))),
    "1179648 elements take no byte: limits.emptyElements is 1048576",
  ],
  [
    "the same in many variables",
    level5(...Array.from("abcdefghi", fieldless)),
    "1179648 elements take no byte: limits.emptyElements is 1048576",
  ],
  [
    "many texts without characters",
    level5(matrix(CLASS.cell, [1, 9], "x", ...Array(9).fill(ROWS))),
    "1179648 elements take no byte: limits.emptyElements is 1048576",
  ],
];
for (const [name, file, message] of excessive) {
  Deno.test(`mat5: ${name}: a claim too large is refused`, () => {
    assertThrows(() => readMat(file), LimitError, message);
  });
}
