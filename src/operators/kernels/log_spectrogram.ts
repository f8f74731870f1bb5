import { bandTables } from "./_band_tables.ts";
import { checkFinite } from "./_check_finite.ts";
import { frameLevels } from "./_frame_levels.ts";
import { frameSums } from "./_frame_sums.ts";
import { windowSamples } from "./_window_samples.ts";

/** Least window of the published loader, in samples. */
const LEAST_WINDOW = 4;

/**
 * Log-band spectrogram in dB: `20 log10(|X| + 1e-12)`.
 *
 * - Frames of `max(4, round(windowMs * rateHz / 1000))` samples under a
 *   symmetric Hamming window, every `max(1, round(dtMs * rateHz / 1000))`
 *   samples, `T = ceil(n / hop)` of them. Frame `i` starts `floor(window / 2)`
 *   samples before sample `i * hop`; beyond the ends the sound is zero.
 * - The Fourier transform is evaluated at the frequencies of `logBandsHz`
 *   themselves, not on a grid. Its modulus does not depend on where phase 0 is:
 *   it is taken at the centre of the frame, which may lie between two samples.
 * - Reference: NumPy 1.24, `exp(-2j pi f t) * hamming(window)` times the frames.
 *
 * @param samples Sound `[n]`.
 * @param rateHz Sampling rate in Hz.
 * @param dtMs Time between frames in ms.
 * @param windowMs Length of a frame in ms.
 * @param fminHz Lowest frequency in Hz.
 * @param fmaxHz Frequency that no band exceeds, in Hz.
 * @param bandsPerOctave Bands in an octave.
 * @returns Levels `[F, T]` in dB, row by row.
 * @throws {RangeError} If a band argument is out of range, or a sample is not
 * finite.
 */
export function logSpectrogram(
  samples: Float64Array,
  rateHz: number,
  dtMs: number,
  windowMs: number,
  fminHz: number,
  fmaxHz: number,
  bandsPerOctave: number,
): Float32Array {
  checkFinite("make a spectrogram", samples);
  const hop = windowSamples(dtMs, rateHz);
  const points = windowSamples(windowMs, rateHz, LEAST_WINDOW);
  const tables = bandTables(points, rateHz, fminHz, fmaxHz, bandsPerOctave);
  const { bands } = tables;
  return frameLevels(samples, hop, points, bands, frameSums(tables));
}
