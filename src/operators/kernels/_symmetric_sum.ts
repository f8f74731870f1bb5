/**
 * Symmetric filter as a plain weighted sum: the faster form for few weights.
 *
 * @param padded Trace with `radius` samples on either side `[T + 2 radius]`.
 * @param weights One side of the filter `[radius + 1]`, centre first.
 * @returns A new trace `[T]`.
 */
export function symmetricSum(
  padded: Float64Array,
  weights: Float64Array,
): Float64Array {
  const radius = weights.length - 1;
  const out = new Float64Array(padded.length - 2 * radius);
  let i = 0;
  // Four outputs at a time share the load of a weight.
  for (; i + 4 <= out.length; i += 4) {
    const c = i + radius;
    let a0 = weights[0] * padded[c];
    let a1 = weights[0] * padded[c + 1];
    let a2 = weights[0] * padded[c + 2];
    let a3 = weights[0] * padded[c + 3];
    for (let k = 1; k <= radius; k++) {
      const w = weights[k];
      const l = c - k;
      const r = c + k;
      a0 += w * (padded[l] + padded[r]);
      a1 += w * (padded[l + 1] + padded[r + 1]);
      a2 += w * (padded[l + 2] + padded[r + 2]);
      a3 += w * (padded[l + 3] + padded[r + 3]);
    }
    out[i] = a0;
    out[i + 1] = a1;
    out[i + 2] = a2;
    out[i + 3] = a3;
  }
  for (; i < out.length; i++) {
    const c = i + radius;
    let sum = weights[0] * padded[c];
    for (let k = 1; k <= radius; k++) {
      sum += weights[k] * (padded[c - k] + padded[c + k]);
    }
    out[i] = sum;
  }
  return out;
}
