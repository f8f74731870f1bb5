import { windowSamples } from "./common/traces.ts";

/**
 * Bins a trace: means of blocks of `max(1, round(dtMs * rateHz / 1000))`
 * samples.
 *
 * Samples after the last full block are dropped; a trace shorter than one block
 * is one block, an empty one gives nothing.
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
  const block = blockLength(x, rateHz, dtMs);
  return dividedSums(x, block, block);
}

/**
 * Sums of the blocks of {@linkcode blockMeans}.
 *
 * @returns A new trace `[T]`, in the unit of `x`.
 */
export function blockSums(
  x: Float64Array,
  rateHz: number,
  dtMs: number,
): Float64Array {
  return dividedSums(x, blockLength(x, rateHz, dtMs), 1);
}

/**
 * Sums per second of the blocks of {@linkcode blockMeans}.
 *
 * @returns A new trace `[T]`, in the unit of `x` per second.
 */
export function blockRates(
  x: Float64Array,
  rateHz: number,
  dtMs: number,
): Float64Array {
  const block = blockLength(x, rateHz, dtMs);
  return dividedSums(x, block, block / rateHz);
}

function blockLength(x: Float64Array, rateHz: number, dtMs: number): number {
  return Math.min(windowSamples(dtMs, rateHz), x.length);
}

function dividedSums(
  x: Float64Array,
  block: number,
  divisor: number,
): Float64Array {
  if (x.length === 0) return new Float64Array(0);
  const out = new Float64Array(Math.floor(x.length / block));
  for (let t = 0; t < out.length; t++) {
    const end = (t + 1) * block;
    let sum = 0;
    for (let i = t * block; i < end; i++) sum += x[i] as number;
    out[t] = sum / divisor;
  }
  return out;
}
