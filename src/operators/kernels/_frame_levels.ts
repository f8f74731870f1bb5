import type { FrameSums } from "./_frame_sums.ts";

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
  samples: Float64Array,
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
  samples: Float64Array,
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
      out[row + lane] = level(real[at], imaginary[at]);
    }
  }
}

function level(real: number, imaginary: number): number {
  const modulus = Math.sqrt(real * real + imaginary * imaginary);
  // A third faster than log10, and the same as float32.
  return DB_PER_NEPER * Math.log(modulus + FLOOR);
}
