/**
 * A trace with reflected edges (`d c b a | a b c d | d c b a`), again and again
 * where the edge is longer than the trace: SciPy's mode `reflect`.
 *
 * @param x Trace `[T]`, T at least 1.
 * @param before Samples to add in front.
 * @param after Samples to add behind.
 * @param out What the result is written to, `[before + T + after]`.
 * @returns `out`.
 */
export function reflected<Trace extends Float64Array | Int16Array>(
  x: Trace,
  before: number,
  after: number,
  out: Trace,
): Trace {
  const n = x.length;
  out.set(x, before);
  for (let i = 0; i < before; i++) out[i] = x[mirrored(i - before, n)];
  for (let i = n; i < n + after; i++) out[before + i] = x[mirrored(i, n)];
  return out;
}

function mirrored(i: number, n: number): number {
  const phase = ((i % (2 * n)) + 2 * n) % (2 * n);
  return phase < n ? phase : 2 * n - 1 - phase;
}
