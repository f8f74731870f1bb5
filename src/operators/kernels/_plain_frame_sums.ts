import type { BandTables } from "./_band_tables.ts";
import { foldFrames, LANES } from "./_folded_frames.ts";
import type { FrameSums } from "./_frame_sums.ts";
import { laneSums } from "./_lane_sums.ts";

/** Sums in TypeScript: what the SIMD ones are checked against. */
export function plainFrameSums(
  { bands, points, half, cosines, sines }: BandTables,
): FrameSums {
  const frames = new Float64Array(LANES * points);
  const even = new Float64Array(LANES * half);
  const odd = new Float64Array(LANES * half);
  const real = new Float64Array(2 * LANES * Math.ceil(bands / 2));
  const imaginary = new Float64Array(real.length);
  const run = (): boolean => {
    if (!foldFrames(frames, even, odd)) return false;
    for (let band = 0; band < bands; band += 2) {
      laneSums(cosines, band * half, even, real, band * LANES);
      laneSums(sines, band * half, odd, imaginary, band * LANES);
    }
    return true;
  };
  return { lanes: LANES, frames, real, imaginary, run };
}
