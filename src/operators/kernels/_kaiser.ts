/**
 * Kaiser window with beta 10.5, which keeps the side lobes of a filter 104 dB
 * down: `0.1102 * (104 - 8.7)` (Kaiser 1974).
 *
 * @param at Place, 0 at the centre, 1 at the edge.
 * @returns 1 at the centre; 0 beyond the edge.
 */
export function kaiser(at: number): number {
  const rest = 1 - at * at;
  // The edge is inside, whichever way its place was rounded.
  if (rest < -1e-12) return 0;
  return besselI0(BETA * Math.sqrt(Math.max(0, rest))) / PEAK;
}

const BETA = 0.1102 * (104 - 8.7);
const PEAK = besselI0(BETA);

/** Modified Bessel function of order 0: its power series, to the last bit. */
function besselI0(x: number): number {
  const quarter = x * x / 4;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > Number.EPSILON * sum; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}
