import { checkCount } from "../base/check.ts";

/**
 * Symmetric Hann window, peak 1, first and last point 0; one point is `[1]`.
 *
 * @param points Length, at least 1.
 * @returns `[points]`, exactly symmetric.
 */
export function hannWindow(points: number): Float64Array {
  const out = new Float64Array(points).fill(1);
  for (let k = 0; k < points && points > 1; k++) {
    const fromEdge = Math.min(k, points - 1 - k);
    out[k] = 0.5 - 0.5 * Math.cos(2 * Math.PI * fromEdge / (points - 1));
  }
  return out;
}

/**
 * Convolution with a symmetric Hann window, cut to the length of the trace.
 *
 * - The window is not normalised (its peak is 1); beyond the ends the trace
 *   counts as zero. For an even window the later of the two middle points is
 *   the centre's neighbour, as in NumPy's and SciPy's mode `same`.
 * - Samples that are zero cost nothing: a spike train is mostly zeros, and stays
 *   exactly zero far from spikes.
 * - A sample that is NaN, as in pairs that were never presented, makes its whole
 *   window NaN.
 * - Reference: SciPy 1.10
 *   `convolve(x, windows.hann(points), mode="same", method="direct")`.
 *
 * @param x Trace `[T]`, any unit.
 * @param points Length of the window in samples, at least 1; may exceed the
 * trace.
 * @returns A new trace `[T]`, in the unit of `x`.
 * @throws {RangeError} If `points` is no such count.
 */
export function hannSmooth(x: Float64Array, points: number): Float64Array {
  checkCount("smooth", "points", points, 1);
  const window = hannWindow(points);
  const n = x.length;
  const out = new Float64Array(n);
  const ahead = (points - 1) >> 1;
  for (let i = 0; i < n; i++) {
    const value = x[i] as number;
    if (value === 0) continue;
    const first = i - ahead;
    const start = Math.max(0, -first);
    const end = Math.min(points, n - first);
    for (let k = start; k < end; k++) {
      out[first + k] = (out[first + k] as number) +
        value * (window[k] as number);
    }
  }
  return out;
}
