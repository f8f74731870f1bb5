/**
 * What all repeats of a stimulus share: a repeat that is not there at all is
 * left out, then each bin that one of the others lacks, as `mask` cuts to the
 * shortest repeat.
 *
 * @param repeats Repeats `[T]`, NaN where there is no response.
 * @returns Repeats of one length without NaN; what is complete is not copied.
 */
export function completeRepeats(
  repeats: readonly Float32Array[],
): Float32Array[] {
  const heard = repeats.filter((repeat) => !repeat.every(Number.isNaN));
  if (!heard.some((repeat) => repeat.some(Number.isNaN))) return heard;
  const shared = heard[0].map((_, t) =>
    heard.some((repeat) => Number.isNaN(repeat[t])) ? 0 : 1
  );
  return heard.map((repeat) => repeat.filter((_, t) => shared[t] === 1));
}
