/**
 * Products of every two repeats about their means, summed over time: all that
 * signal power and half-split correlations need to know of the repeats.
 *
 * @param repeats Repeats `[T]` of one length.
 * @returns `[R, R]`, row by row, symmetric.
 */
export function repeatCovariance(
  repeats: readonly (Float32Array | Float64Array)[],
): Float64Array {
  const count = repeats.length;
  const centred = repeats.map(aboutMean);
  const out = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      const sum = product(centred[i], centred[j]);
      out[i * count + j] = sum;
      out[j * count + i] = sum;
    }
  }
  return out;
}

function aboutMean(repeat: Float32Array | Float64Array): Float64Array {
  // About the first sample first: a flat repeat is then zero, not rounding.
  const out = new Float64Array(repeat);
  const first = out[0];
  let sum = 0;
  for (let t = 0; t < out.length; t++) {
    out[t] -= first;
    sum += out[t];
  }
  const mean = sum / out.length;
  for (let t = 0; t < out.length; t++) out[t] -= mean;
  return out;
}

function product(a: Float64Array, b: Float64Array): number {
  // Four sums: one alone waits for each addition before the next.
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let t = 0;
  for (; t + 4 <= a.length; t += 4) {
    s0 += a[t] * b[t];
    s1 += a[t + 1] * b[t + 1];
    s2 += a[t + 2] * b[t + 2];
    s3 += a[t + 3] * b[t + 3];
  }
  for (; t < a.length; t++) s0 += a[t] * b[t];
  return (s0 + s1) + (s2 + s3);
}
