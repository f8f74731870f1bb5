/**
 * Symmetric Hamming window: NumPy's `hamming`.
 *
 * @param points Length, at least 2.
 * @returns `[points]`, exactly symmetric.
 */
export function hammingWindow(points: number): Float64Array {
  const out = new Float64Array(points);
  for (let k = 0; k < points; k++) {
    const fromEdge = Math.min(k, points - 1 - k);
    out[k] = 0.54 - 0.46 * Math.cos(2 * Math.PI * fromEdge / (points - 1));
  }
  return out;
}
