import { LANES } from "./_folded_frames.ts";

/**
 * Weighted sums of four frames for two bands: eight sums share six loads, and
 * stay in registers. A loop over the lanes would leave them in memory.
 *
 * @param table Weights of a pair of bands `[half][2]` from `at` on.
 * @param at Where the pair starts.
 * @param frames Folded frames `[half][LANES]`.
 * @param sums Where `[2][LANES]` go.
 * @param to Where they start.
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
    const p = table[at];
    const q = table[at + 1];
    at += 2;
    const f0 = frames[i];
    const f1 = frames[i + 1];
    const f2 = frames[i + 2];
    const f3 = frames[i + 3];
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
