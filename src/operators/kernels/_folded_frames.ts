/** Frames that go through the tables together. */
export const LANES = 4;

/**
 * Folds four frames about their centre: the even part `x[c+m] + x[c-m]`
 * meets the cosines, the odd part `x[c+m] - x[c-m]` the sines, so that half the
 * products of a plain transform go.
 *
 * @param frames `[LANES][points]`.
 * @param even Filled with the even parts, interleaved `[half][LANES]`.
 * @param odd Filled with the odd parts, in the same way.
 * @returns Whether any sample of any frame differs from zero.
 */
export function foldFrames(
  frames: Float64Array,
  even: Float64Array,
  odd: Float64Array,
): boolean {
  const points = frames.length / LANES;
  const half = even.length / LANES;
  let sounds = false;
  for (let lane = 0; lane < LANES; lane++) {
    const right = (lane + 1) * points - half;
    const left = lane * points + half - 1;
    for (let m = 0; m < half; m++) {
      const a = frames[right + m];
      const b = frames[left - m];
      even[m * LANES + lane] = a + b;
      odd[m * LANES + lane] = a - b;
      sounds ||= a !== 0 || b !== 0;
    }
  }
  return sounds;
}
