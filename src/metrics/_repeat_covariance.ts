/**
 * Products of every two repeats about their means, summed over time. Signal power
 * and half-split correlations are computed from these alone.
 *
 * @param repeats Repeats `[T]` of equal length.
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
      const sum = product(
        centred[i] as Float64Array,
        centred[j] as Float64Array,
      );
      out[i * count + j] = sum;
      out[j * count + i] = sum;
    }
  }
  return out;
}

function aboutMean(repeat: Float32Array | Float64Array): Float64Array {
  // Subtracting the first sample first makes a flat repeat exactly zero.
  const out = new Float64Array(repeat);
  const first = out[0] ?? NaN;
  let sum = 0;
  for (let t = 0; t < out.length; t++) {
    const shifted = (out[t] as number) - first;
    out[t] = shifted;
    sum += shifted;
  }
  const mean = sum / out.length;
  for (let t = 0; t < out.length; t++) (out[t] as number) -= mean;
  return out;
}

function product(a: Float64Array, b: Float64Array): number {
  // Four sums: the additions of one sum alone would wait for each other.
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let t = 0;
  for (; t + 4 <= a.length; t += 4) {
    s0 += (a[t] as number) * (b[t] as number);
    s1 += (a[t + 1] as number) * (b[t + 1] as number);
    s2 += (a[t + 2] as number) * (b[t + 2] as number);
    s3 += (a[t + 3] as number) * (b[t + 3] as number);
  }
  for (; t < a.length; t++) s0 += (a[t] as number) * (b[t] as number);
  return (s0 + s1) + (s2 + s3);
}
