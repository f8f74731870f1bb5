import type { Samples } from "../../session.ts";

/**
 * Stored samples in the unit of the recording.
 *
 * @param samples Samples `[T]` as stored.
 * @param scale Unit per stored step.
 * @returns `samples * scale` in float64; the very same array where it already is.
 */
export function inUnits(samples: Samples, scale: number): Float64Array {
  if (scale === 1) {
    return samples instanceof Float64Array
      ? samples
      : new Float64Array(samples);
  }
  const out = new Float64Array(samples.length);
  for (let i = 0; i < out.length; i++) out[i] = samples[i] * scale;
  return out;
}
