/**
 * Whole number from 0 to below `count`, each equally likely.
 *
 * @param random Returns whole numbers from 0 to 2^32 - 1.
 */
export function randomBelow(count: number, random: () => number): number {
  // Numbers above the last whole multiple would favour small results.
  const fair = 2 ** 32 - 2 ** 32 % count;
  let bits = random();
  while (bits >= fair) bits = random();
  return bits % count;
}

/**
 * Shuffled copy (Fisher and Yates). Every order is equally likely; it depends on
 * the seed and the number of values alone.
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
    [out[i], out[j]] = [out[j] as Value, out[i] as Value];
  }
  return out;
}

/**
 * Random numbers of 32 bits, the same for the same seed on every machine.
 *
 * Generator sfc32 of Chris Doty-Humphrey's PractRand 0.95, seeded as there.
 *
 * @param seed A whole number from 0 to 2^53 - 1.
 * @returns Function that returns whole numbers from 0 to 2^32 - 1.
 */
export function sfc32(seed: number): () => number {
  let a = 0;
  let b = seed >>> 0;
  let c = Math.floor(seed / 2 ** 32);
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter++) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0;
    return sum;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}
