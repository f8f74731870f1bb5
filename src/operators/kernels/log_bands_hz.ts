import { checkCount, checkRange } from "../../_check.ts";

/**
 * Frequencies spaced evenly by octave: `fminHz * 2^(k / bandsPerOctave)` for
 * `floor(log2(fmaxHz / fminHz) * bandsPerOctave) + 1` bands.
 *
 * @param fminHz Lowest frequency in Hz, above 0.
 * @param fmaxHz Frequency that no band exceeds, in Hz, at least `fminHz`.
 * @param bandsPerOctave Bands in an octave, at least 1.
 * @returns Frequencies `[F]` in Hz, rising.
 * @throws {RangeError} If an argument is outside its range.
 */
export function logBandsHz(
  fminHz: number,
  fmaxHz: number,
  bandsPerOctave: number,
): Float64Array {
  const act = "space bands";
  checkRange(act, "fminHz", fminHz, Number.MIN_VALUE, Number.MAX_VALUE);
  checkRange(act, "fmaxHz", fmaxHz, fminHz, Number.MAX_VALUE);
  checkCount(act, "bandsPerOctave", bandsPerOctave, 1);
  const last = Math.floor(Math.log2(fmaxHz / fminHz) * bandsPerOctave);
  return Float64Array.from(
    { length: last + 1 },
    (_, k) => fminHz * 2 ** (k / bandsPerOctave),
  );
}
