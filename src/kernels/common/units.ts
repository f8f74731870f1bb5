import type { Samples } from "../../session.ts";

/**
 * Cuts repeats to one length.
 *
 * @param repeats Repeats of at least `bins` samples.
 * @param scale Unit per stored step.
 * @param bins Samples to keep of each.
 * @returns New float32 arrays `[bins]`, in the unit.
 */
export function cutRepeats(
  repeats: readonly Samples[],
  scale: number,
  bins: number,
): Float32Array[] {
  return repeats.map((repeat) => {
    const out = new Float32Array(bins);
    for (let i = 0; i < bins; i++) out[i] = (repeat[i] as number) * scale;
    return out;
  });
}

/**
 * Stored samples in the unit of the recording.
 *
 * @param samples Samples `[T]` as stored.
 * @param scale Unit per stored step.
 * @returns `samples * scale` in float64; the same array if nothing changes.
 */
export function inUnits(samples: Samples, scale: number): Float64Array {
  if (scale === 1) {
    return samples instanceof Float64Array
      ? samples
      : new Float64Array(samples);
  }
  const out = new Float64Array(samples.length);
  for (let i = 0; i < out.length; i++) out[i] = (samples[i] as number) * scale;
  return out;
}
