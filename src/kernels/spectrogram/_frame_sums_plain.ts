import type { BandTables, FrameSums } from "./bands.ts";
/** Frames that go through the tables together. */
export const LANES = 4;

/**
 * Folds four frames about their centre: the even part `x[c+m] + x[c-m]` meets the
 * cosines, the odd part `x[c+m] - x[c-m]` the sines, which saves half the products
 * of a plain transform.
 *
 * @param frames `[LANES][points]`.
 * @param even Filled with the even parts, interleaved `[half][LANES]`.
 * @param odd Filled with the odd parts, in the same way.
 * @returns Whether any sample of any frame differs from zero.
 */
export function foldFrames(
  frames: Float64Array,
  even: Float64Array,
  odd: Float64Array,
): boolean {
  const points = frames.length / LANES;
  const half = even.length / LANES;
  let sounds = false;
  for (let lane = 0; lane < LANES; lane++) {
    const right = (lane + 1) * points - half;
    const left = lane * points + half - 1;
    for (let m = 0; m < half; m++) {
      const a = frames[right + m] as number;
      const b = frames[left - m] as number;
      even[m * LANES + lane] = a + b;
      odd[m * LANES + lane] = a - b;
      sounds ||= a !== 0 || b !== 0;
    }
  }
  return sounds;
}

/**
 * Weighted sums of four frames for two bands: eight sums share six loads, and
 * stay in registers. A loop over the lanes would leave them in memory.
 *
 * @param table Weights of a pair of bands `[half][2]` from `at` on.
 * @param at Start of the pair.
 * @param frames Folded frames `[half][LANES]`.
 * @param sums Receives the sums `[2][LANES]`.
 * @param to Start of the sums.
 */
export function laneSums(
  table: Float64Array,
  at: number,
  frames: Float64Array,
  sums: Float64Array,
  to: number,
): void {
  let p0 = 0;
  let p1 = 0;
  let p2 = 0;
  let p3 = 0;
  let q0 = 0;
  let q1 = 0;
  let q2 = 0;
  let q3 = 0;
  for (let i = 0; i < frames.length; i += LANES) {
    const p = table[at] as number;
    const q = table[at + 1] as number;
    at += 2;
    const f0 = frames[i] as number;
    const f1 = frames[i + 1] as number;
    const f2 = frames[i + 2] as number;
    const f3 = frames[i + 3] as number;
    p0 += p * f0;
    p1 += p * f1;
    p2 += p * f2;
    p3 += p * f3;
    q0 += q * f0;
    q1 += q * f1;
    q2 += q * f2;
    q3 += q * f3;
  }
  sums[to] = p0;
  sums[to + 1] = p1;
  sums[to + 2] = p2;
  sums[to + 3] = p3;
  sums[to + 4] = q0;
  sums[to + 5] = q1;
  sums[to + 6] = q2;
  sums[to + 7] = q3;
}

/** Sums in TypeScript; tests compare those on SIMD with them. */
export function plainFrameSums(
  { bands, points, half, cosines, sines }: BandTables,
): FrameSums {
  const frames = new Float64Array(LANES * points);
  const even = new Float64Array(LANES * half);
  const odd = new Float64Array(LANES * half);
  const real = new Float64Array(2 * LANES * Math.ceil(bands / 2));
  const imaginary = new Float64Array(real.length);
  const run = (): boolean => {
    if (!foldFrames(frames, even, odd)) return false;
    for (let band = 0; band < bands; band += 2) {
      laneSums(cosines, band * half, even, real, band * LANES);
      laneSums(sines, band * half, odd, imaginary, band * LANES);
    }
    return true;
  };
  return { lanes: LANES, frames, real, imaginary, run };
}
