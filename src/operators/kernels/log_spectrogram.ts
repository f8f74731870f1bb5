import { type BandTables, bandTables } from "./_band_tables.ts";
import { checkFinite } from "./_check_finite.ts";
import { foldFrames, LANES } from "./_folded_frames.ts";
import { laneSums } from "./_lane_sums.ts";
import { windowSamples } from "./_window_samples.ts";

/** Least window of the published loader, in samples. */
const LEAST_WINDOW = 4;
/** Added to the modulus, so that silence has a level. */
const FLOOR = 1e-12;
const SILENCE_DB = 20 * Math.log10(FLOOR);

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
  const frames = Math.ceil(samples.length / hop);
  // Room for the last group's frames past the last one: they are not kept.
  const padded = new Float64Array((frames + LANES) * hop + points);
  padded.set(samples, points >> 1);
  const out = new Float32Array(tables.bands * frames).fill(SILENCE_DB);
  const even = new Float64Array(tables.half * LANES);
  const odd = new Float64Array(tables.half * LANES);
  for (let frame = 0; frame < frames; frame += LANES) {
    if (foldFrames(padded, frame * hop, hop, points, even, odd)) {
      writeLevels(tables, even, odd, out, frame, frames);
    }
  }
  return out;
}

function writeLevels(
  { bands, half, cosines, sines }: BandTables,
  even: Float64Array,
  odd: Float64Array,
  out: Float32Array,
  frame: number,
  frames: number,
): void {
  const real = new Float64Array(2 * LANES);
  const imaginary = new Float64Array(2 * LANES);
  const lanes = Math.min(LANES, frames - frame);
  for (let band = 0; band < bands; band += 2) {
    laneSums(cosines, band * half, even, real);
    laneSums(sines, band * half, odd, imaginary);
    for (let k = 0; k < 2 && band + k < bands; k++) {
      const row = (band + k) * frames + frame;
      for (let lane = 0; lane < lanes; lane++) {
        const at = k * LANES + lane;
        out[row + lane] = level(real[at], imaginary[at]);
      }
    }
  }
}

function level(real: number, imaginary: number): number {
  const modulus = Math.sqrt(real * real + imaginary * imaginary);
  return 20 * Math.log10(modulus + FLOOR);
}
