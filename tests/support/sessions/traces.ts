/** Uniform random numbers, 0 to 1, determined by the seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Trace like a membrane potential in mV: a noisy drift at -60. */
export function potential(length: number, random: () => number): Float64Array {
  let drift = 0;
  return Float64Array.from({ length }, () => {
    drift += random() - 0.5 - 0.002 * drift;
    return -60 + drift + (random() - 0.5) / 4;
  });
}

/** White noise, -1 to 1. */
export function noise(length: number, random: () => number): Float64Array {
  return Float64Array.from({ length }, () => 2 * random() - 1);
}

/** A whole number, `least` to `most`. */
export function whole(
  random: () => number,
  least: number,
  most: number,
): number {
  return least + Math.floor(random() * (most - least + 1));
}
