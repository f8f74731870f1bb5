import type { Samples } from "../../session.ts";
import { firstNonFinite, roundHalfEven } from "../../base/numbers.ts";

/**
 * A trace with reflected edges (`d c b a | a b c d | d c b a`), reflected again if
 * an edge is longer than the trace: SciPy's mode `reflect`.
 *
 * @param x Trace `[T]`, T at least 1.
 * @param before Samples to add in front.
 * @param after Samples to add behind.
 * @param out Filled with the result, `[before + T + after]`.
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
  for (let i = 0; i < before; i++) {
    out[i] = x[mirrored(i - before, n)] as number;
  }
  for (let i = n; i < n + after; i++) {
    out[before + i] = x[mirrored(i, n)] as number;
  }
  return out;
}

function mirrored(i: number, n: number): number {
  const phase = ((i % (2 * n)) + 2 * n) % (2 * n);
  return phase < n ? phase : 2 * n - 1 - phase;
}

/**
 * Refuses a trace that holds NaN or an infinity: a filter would spread it
 * silently over every sample that its window reaches.
 *
 * @param act Action that fails, as it completes "Cannot ...".
 * @param x Trace `[T]`.
 * @param name Name of the trace in the message.
 * @throws {RangeError} Names the first such sample, counted from 0.
 */
export function checkFinite(
  act: string,
  x: Samples,
  name: string = "",
): void {
  const at = firstNonFinite(x);
  if (at < 0) return;
  const sample = `sample ${at}${name && ` of ${name}`}`;
  throw new RangeError(
    `Cannot ${act}: ${sample} is ${x[at]}, expected a finite number`,
  );
}

/**
 * Samples in a stretch of time: rounded half to even, at least `least`.
 *
 * Multiplies before it divides, as the published loader does: the other order
 * rounds some rates to another count.
 */
export function windowSamples(
  ms: number,
  rateHz: number,
  least: number = 1,
): number {
  return Math.max(least, roundHalfEven(ms * rateHz / 1000));
}
