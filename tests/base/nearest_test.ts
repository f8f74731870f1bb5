import { assertEquals, assertThrows } from "../support/assert.ts";
import { checkOptions } from "../../src/base/check.ts";
import { nearestName } from "../../src/base/nearest.ts";

const NAMES = ["sites", "medianMs", "gaussMs", "dtMs", "size", "shuffle"];

Deno.test("nearestName finds what a misspelt name stands for", () => {
  const found = ["site", "medianMS", "gausMs", "dt", "batchSize", "shufle"]
    .map((name) => nearestName(name, NAMES));
  assertEquals(found, NAMES);
});

Deno.test("nearestName finds nothing where nothing is near", () => {
  assertEquals(nearestName("workers", NAMES), undefined);
  assertEquals(nearestName("site", []), undefined);
});

Deno.test("nearestName takes the first of the nearest", () => {
  assertEquals(nearestName("CLT027", ["CLT028", "CLT029"]), "CLT028");
});

interface Options {
  readonly dtMs?: number;
  readonly fminHz?: number;
}

const known = ["dtMs", "fminHz"] as const;

Deno.test("checkOptions takes known options, and none", () => {
  checkOptions<Options>("bin", { dtMs: 5 }, known);
  checkOptions<Options>("bin", {}, known);
  checkOptions<Options>("bin", undefined, known);
});

const FAULTS: readonly (readonly [unknown, string])[] = [
  [{ dt: 5 }, "Cannot bin: there is no option dt, expected dtMs"],
  [
    { dtMs: 5, workers: 2 },
    "Cannot bin: there is no option workers, expected dtMs, fminHz",
  ],
];

for (const [options, message] of FAULTS) {
  Deno.test(`checkOptions refuses ${JSON.stringify(options)}`, () => {
    assertThrows(
      () => checkOptions("bin", options as Options, known),
      RangeError,
      message,
    );
  });
}

for (const options of [null, 5, "5", [5]]) {
  Deno.test(`checkOptions refuses ${JSON.stringify(options)}`, () => {
    assertThrows(
      () => checkOptions("bin", options as Options, known),
      TypeError,
      `Cannot bin: options is ${options}, expected an object`,
    );
  });
}

Deno.test("checkOptions of something without options says so", () => {
  assertThrows(
    () => checkOptions("list", { a: 1 } as object, []),
    RangeError,
    "Cannot list: there is no option a, expected none",
  );
});
