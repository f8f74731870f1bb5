import type { Samples } from "../../session.ts";
import { bandTables, type FrameSums } from "./bands.ts";
import { checkFinite, windowSamples } from "../common/traces.ts";
import { frameSums } from "./_frame_sums.ts";

/** Added to the modulus, so that silence has a level. */
const FLOOR = 1e-12;
const DB_PER_NEPER = 20 / Math.LN10;
const SILENCE_DB = 20 * Math.log10(FLOOR);

/**
 * Levels of every frame, a group at a time.
 *
 * @param samples Sound `[n]`.
 * @param hop Samples between frames.
 * @param points Samples in a frame.
 * @param bands Bands of the sums.
 * @param sums Sums of a group.
 * @returns Levels `[F, T]` in dB, row by row.
 */
export function frameLevels(
  samples: Samples,
  hop: number,
  points: number,
  bands: number,
  sums: FrameSums,
): Float32Array {
  const count = Math.ceil(samples.length / hop);
  const out = new Float32Array(bands * count).fill(SILENCE_DB);
  for (let frame = 0; frame < count; frame += sums.lanes) {
    for (let lane = 0; lane < sums.lanes; lane++) {
      const start = (frame + lane) * hop - (points >> 1);
      loadFrame(samples, start, points, sums.frames, lane * points);
    }
    if (sums.run()) writeLevels(sums, bands, out, frame, count);
  }
  return out;
}

/** Copies a frame; beyond the ends of the sound it is zero. */
function loadFrame(
  samples: Samples,
  start: number,
  points: number,
  frames: Float64Array,
  at: number,
): void {
  const from = Math.max(0, start);
  const to = Math.max(from, Math.min(samples.length, start + points));
  const before = from - start;
  const after = before + to - from;
  if (before > 0) frames.fill(0, at, at + before);
  frames.set(samples.subarray(from, to), at + before);
  if (after < points) frames.fill(0, at + after, at + points);
}

function writeLevels(
  { lanes, real, imaginary }: FrameSums,
  bands: number,
  out: Float32Array,
  frame: number,
  count: number,
): void {
  const kept = Math.min(lanes, count - frame);
  for (let band = 0; band < bands; band++) {
    const row = band * count + frame;
    for (let lane = 0; lane < kept; lane++) {
      const at = band * lanes + lane;
      out[row + lane] = level(real[at] as number, imaginary[at] as number);
    }
  }
}

function level(real: number, imaginary: number): number {
  const modulus = Math.sqrt(real * real + imaginary * imaginary);
  // A third faster than log10, and the same as float32.
  return DB_PER_NEPER * Math.log(modulus + FLOOR);
}

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
 *   themselves, not on a grid. Phase 0 is at the centre of the frame, which may
 *   lie between two samples; the modulus does not depend on it.
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
  samples: Samples,
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
