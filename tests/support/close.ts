import { assert, assertEquals } from "./assert.ts";
import { itemAt } from "./item_at.ts";

/**
 * Asserts that two arrays agree sample by sample, within a fraction of the
 * greatest magnitude of the expected one.
 */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  name: string = "array",
): void {
  assertEquals(actual.length, expected.length, `${name}: length`);
  let most = 0;
  for (let i = 0; i < expected.length; i++) {
    most = Math.max(most, Math.abs(itemAt(expected, i)));
  }
  assertWithin(actual, expected, tolerance * most, name);
}

/** Asserts that two arrays agree within an absolute bound. */
export function assertWithin(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  bound: number,
  name: string = "array",
): void {
  assertEquals(actual.length, expected.length, `${name}: length`);
  for (let i = 0; i < expected.length; i++) {
    // Written so that NaN fails.
    assert(
      Math.abs(itemAt(actual, i) - itemAt(expected, i)) <= bound,
      `${name}: sample ${i} is ${actual[i]}, expected ${
        expected[i]
      } +- ${bound}`,
    );
  }
}

/** Asserts that levels above -160 dB agree, and that the others are as low, too. */
export function assertLevels(
  actual: Float32Array,
  expected: ArrayLike<number>,
  bound: number,
  name: string = "levels",
): void {
  assertEquals(actual.length, expected.length, `${name}: length`);
  for (let i = 0; i < expected.length; i++) {
    const close = Math.abs(itemAt(actual, i) - itemAt(expected, i)) <= bound;
    assert(
      close ||
        (itemAt(expected, i) <= -160 && itemAt(actual, i) <= -160 + bound),
      `${name}: bin ${i} is ${actual[i]} dB, expected ${expected[i]} dB`,
    );
  }
}
