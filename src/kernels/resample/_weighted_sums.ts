/** Stretches of a sound that go through the weights together. */
export const LANES = 4;

/**
 * One weighted sum, as four running ones: a single one would wait for each
 * addition to end.
 *
 * @param weights Weights `[n]`, n a multiple of 4.
 * @param x Samples, at least `n` from `from` on.
 */
export function weightedSum(
  weights: Float64Array,
  x: Float64Array,
  from: number,
): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let k = 0; k < weights.length; k += 4) {
    a += (weights[k] as number) * (x[from + k] as number);
    b += (weights[k + 1] as number) * (x[from + k + 1] as number);
    c += (weights[k + 2] as number) * (x[from + k + 2] as number);
    d += (weights[k + 3] as number) * (x[from + k + 3] as number);
  }
  return a + b + (c + d);
}

/**
 * Weighted sums of four stretches that start `step` samples apart, twice as fast
 * as one by one.
 *
 * @param weights Weights `[n]`, n even.
 * @param x Samples, at least `n` from the start of the last stretch on.
 * @param from Start of the first stretch.
 * @param step Samples between starts.
 * @param sums Filled with the sums `[LANES]`.
 */
export function laneWeightedSums(
  weights: Float64Array,
  x: Float64Array,
  from: number,
  step: number,
  sums: Float64Array,
): void {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let at0 = from;
  let at1 = from + step;
  let at2 = from + 2 * step;
  let at3 = from + 3 * step;
  for (let k = 0; k < weights.length; k += 2) {
    const v = weights[k] as number;
    const w = weights[k + 1] as number;
    a += v * (x[at0] as number) + w * (x[at0 + 1] as number);
    b += v * (x[at1] as number) + w * (x[at1 + 1] as number);
    c += v * (x[at2] as number) + w * (x[at2 + 1] as number);
    d += v * (x[at3] as number) + w * (x[at3 + 1] as number);
    at0 += 2;
    at1 += 2;
    at2 += 2;
    at3 += 2;
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}
