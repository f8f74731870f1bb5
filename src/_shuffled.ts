import { randomBelow } from "./_random_below.ts";
import { sfc32 } from "./_sfc32.ts";

/**
 * A shuffled copy (Fisher and Yates): every order is equally likely, the order
 * depends on the seed and the number of values alone.
 *
 * @param seed A whole number from 0 to 2^53 - 1.
 */
export function shuffled<Value>(
  values: readonly Value[],
  seed: number,
): Value[] {
  const out = [...values];
  const random = sfc32(seed);
  for (let i = out.length - 1; i > 0; i--) {
    const j = randomBelow(i + 1, random);
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}
