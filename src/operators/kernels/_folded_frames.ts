/** Frames that go through the tables together. */
export const LANES = 4;

/**
 * Folds up to four frames about their centre: the even part `x[c+m] + x[c-m]`
 * meets the cosines, the odd part `x[c+m] - x[c-m]` the sines, so that half the
 * products of a plain transform go.
 *
 * Lanes are interleaved `[half][LANES]`. A lane past the last frame is zero.
 *
 * @param padded Samples with room for a frame on either side.
 * @param first Index in `padded` of the first frame's first sample.
 * @param hop Samples between frames.
 * @param points Samples in a frame.
 * @param even Filled with the even parts.
 * @param odd Filled with the odd parts.
 * @returns Whether any sample of any frame differs from zero.
 */
export function foldFrames(
  padded: Float64Array,
  first: number,
  hop: number,
  points: number,
  even: Float64Array,
  odd: Float64Array,
): boolean {
  const half = even.length / LANES;
  let sounds = false;
  for (let lane = 0; lane < LANES; lane++) {
    const right = first + lane * hop + points - half;
    const left = first + lane * hop + half - 1;
    for (let m = 0; m < half; m++) {
      const a = padded[right + m];
      const b = padded[left - m];
      even[m * LANES + lane] = a + b;
      odd[m * LANES + lane] = a - b;
      sounds ||= a !== 0 || b !== 0;
    }
  }
  return sounds;
}
