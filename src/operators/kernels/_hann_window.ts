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
