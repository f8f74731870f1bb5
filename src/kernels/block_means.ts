import { windowSamples } from "./common/traces.ts";

/**
 * Bins a trace: means of blocks of `max(1, round(dtMs * rateHz / 1000))`
 * samples.
 *
 * What is left over at the end is dropped; a trace shorter than one block gives
 * its mean, an empty one nothing.
 *
 * @param x Trace `[n]`, any unit.
 * @param rateHz Sampling rate in Hz.
 * @param dtMs Width of a bin in ms.
 * @returns A new trace `[T]`, in the unit of `x`.
 */
export function blockMeans(
  x: Float64Array,
  rateHz: number,
  dtMs: number,
): Float64Array {
  if (x.length === 0) return new Float64Array(0);
  const block = Math.min(windowSamples(dtMs, rateHz), x.length);
  const out = new Float64Array(Math.floor(x.length / block));
  for (let t = 0; t < out.length; t++) {
    const end = (t + 1) * block;
    let sum = 0;
    for (let i = t * block; i < end; i++) sum += x[i] as number;
    out[t] = sum / block;
  }
  return out;
}
