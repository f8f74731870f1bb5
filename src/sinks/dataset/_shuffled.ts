import { sfc32 } from "./_sfc32.ts";

/**
 * A shuffled copy (Fisher and Yates): every order is equally likely, the order
 * depends on the seed and the number of values alone.
 *
 * @param seed A whole number from 0 to 2^53 - 1.
 */
export function shuffled(values: readonly number[], seed: number): number[] {
  const out = [...values];
  const random = sfc32(seed);
  for (let i = out.length - 1; i > 0; i--) {
    const j = below(i + 1, random);
    const value = out[i];
    out[i] = out[j];
    out[j] = value;
  }
  return out;
}

function below(count: number, random: () => number): number {
  // The rest of 2^32 above the last whole multiple would favour small numbers.
  const fair = 2 ** 32 - 2 ** 32 % count;
  let bits = random();
  while (bits >= fair) bits = random();
  return bits % count;
}
