/**
 * One side of SciPy's gaussian: weights of the centre and of the `radius`
 * samples behind it, where `radius` is `floor(truncate * sigma + 0.5)`; both
 * sides together sum to 1.
 *
 * @returns `[radius + 1]`.
 */
export function gaussianWeights(sigma: number, truncate: number): Float64Array {
  const radius = Math.floor(truncate * sigma + 0.5);
  const weights = new Float64Array(radius + 1);
  const factor = -0.5 / (sigma * sigma);
  for (let k = 0; k <= radius; k++) weights[k] = Math.exp(factor * k * k);
  let tail = 0;
  for (let k = radius; k > 0; k--) tail += weights[k];
  const sum = 1 + 2 * tail;
  for (let k = 0; k <= radius; k++) weights[k] /= sum;
  return weights;
}

/**
 * The same filter for a trace of `n` reflected samples, no side longer than
 * `n`: the reflected trace repeats every `2 n` samples, so weights that far
 * apart meet the same sample and are added up.
 *
 * @param weights One side `[radius + 1]`.
 * @param n Samples in the trace, at least 1.
 * @returns One side, at most `[n + 1]`; the very same array where it fits.
 */
export function foldedWeights(weights: Float64Array, n: number): Float64Array {
  if (weights.length <= n + 1) return weights;
  const folded = new Float64Array(n + 1);
  folded[0] = weights[0];
  for (let k = 1; k < weights.length; k++) {
    const phase = k % (2 * n);
    // A weight at phase 0 or n is met from both sides.
    if (phase === 0) folded[0] += 2 * weights[k];
    else folded[phase <= n ? phase : 2 * n - phase] += weights[k];
  }
  return folded;
}
