import {
  extendedRange,
  logBandsScaled,
  logCompressed,
  NO_RANGE,
  rangeScaled,
  type ValueRange,
} from "../../../src/kernels/ranges/ranges.ts";
import { sfc32 } from "../../../src/base/random.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";

/** Lengths around groups of four and pieces of 16,384 values. */
const LENGTHS = [0, 1, 3, 4, 5, 2070, 16_383, 16_384, 16_387, 40_001];

type Draw = (random: () => number) => number;

/** Where magnitudes of spectrograms lie, and beyond. */
const DRAWS: Readonly<Record<string, Draw>> = {
  magnitudes: (random) => 50 * random() ** 4,
  zeros: (random) => random() < 0.5 ? 0 : random(),
  "all float32 sizes": (random) => 10 ** (76 * random() - 38),
  "just above -0.1": (random) => -0.09999999 + 1e-7 * random(),
};

function values(length: number, draw: Draw, seed: number): Float32Array {
  const next = sfc32(seed);
  const random = (): number => next() / 2 ** 32;
  return Float32Array.from({ length }, () => draw(random));
}

/** The definition, value by value. */
function scaledPlainly(
  value: number,
  [min, max]: ValueRange,
  least: number,
): number {
  const width = Math.fround(max - min);
  const scaled = width > 0
    ? Math.fround(Math.fround(value - min) / width)
    : value;
  return scaled < least ? 0 : scaled;
}

for (const [name, draw] of Object.entries(DRAWS)) {
  Deno.test(`ranges: of ${name} equal the definition, bit by bit`, () => {
    for (const length of LENGTHS) {
      const given = values(length, draw, length);
      const before = given.slice();
      const range = extendedRange(NO_RANGE, given);
      assertEquals(
        range,
        given.reduce<ValueRange>(
          ([min, max], x) => [Math.min(min, x), Math.max(max, x)],
          NO_RANGE,
        ),
      );
      const mapped = rangeScaled(given, 1, [0.25, 0.75], 1e-6);
      assertEquals(
        mapped,
        given.map((x) => scaledPlainly(x, [0.25, 0.75], 1e-6)),
      );
      assertEquals(given, before);
    }
  });

  Deno.test(`ranges: compressed bands of ${name} equal the definition, bit by bit`, () => {
    for (const bins of [1, 3, 517, 2070, 16_385]) {
      const bands = 5;
      const given = values(bands * bins, draw, bins);
      const ranges = Array.from({ length: bands }, (_, band): ValueRange => {
        const own = given.subarray(band * bins, (band + 1) * bins);
        const [min, max] = extendedRange(NO_RANGE, own);
        return [logCompressed(min, 0.1), logCompressed(max, 0.1)];
      });
      const expected = given.map((x, at) => {
        const [min, max] = ranges[Math.floor(at / bins)] as ValueRange;
        const range: ValueRange = [min, max > min ? max : min + 1];
        return scaledPlainly(logCompressed(x, 0.1), range, 1e-6);
      });
      const fail = (odd: number): void => assert(false, `${odd}`);
      assertEquals(logBandsScaled(given, ranges, 0.1, fail), expected);
      const own = given.slice();
      assert(logBandsScaled(own, ranges, 0.1, fail, own) === own);
      assertEquals(own, expected);
    }
  });
}

Deno.test("ranges: bounds that are no float32 are not rounded to one", () => {
  const range: ValueRange = [0.1, 0.7];
  const given = values(100, (random) => random(), 1);
  assertEquals(
    rangeScaled(given, 1, range),
    given.map((x) => scaledPlainly(x, range, -Infinity)),
  );
});

Deno.test("ranges: steps of a scale count in their unit", () => {
  const steps = Int16Array.of(-4, 0, 8);
  assertEquals(extendedRange(NO_RANGE, steps, 0.25), [-1, 2]);
  assertEquals(rangeScaled(steps, 0.25, [-1, 2]), Float32Array.of(0, 1 / 3, 1));
});

for (const odd of [-0.1, -1, NaN, -Infinity]) {
  Deno.test(`ranges: report ${odd}, which has no logarithm`, () => {
    const given = values(9, (random) => random(), 2);
    given[6] = odd;
    const found: number[] = [];
    const note = (value: number): void => void found.push(value);
    logBandsScaled(given, [[0, 1]], 0.1, note);
    assertEquals(found, [Math.fround(odd)]);
  });
}

Deno.test("ranges: what reports a value may throw", () => {
  const stop = (): never => {
    throw new RangeError("odd");
  };
  assertThrows(
    () => logBandsScaled(Float32Array.of(-1), [[0, 1]], 0.1, stop),
    RangeError,
    "odd",
  );
});
