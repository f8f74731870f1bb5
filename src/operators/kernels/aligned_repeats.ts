import type { Samples } from "../../session.ts";

/**
 * Cuts repeats to one length.
 *
 * @param repeats Repeats of at least `bins` samples.
 * @param scale Unit per stored step.
 * @param bins Samples to keep of each.
 * @returns New float32 arrays `[bins]`, in the unit.
 */
export function alignedRepeats(
  repeats: readonly Samples[],
  scale: number,
  bins: number,
): Float32Array[] {
  return repeats.map((repeat) => {
    const out = new Float32Array(bins);
    for (let i = 0; i < bins; i++) out[i] = repeat[i] * scale;
    return out;
  });
}
