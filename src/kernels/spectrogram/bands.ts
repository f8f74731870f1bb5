import { checkCount, checkRange } from "../../base/check.ts";

/**
 * Windowed cosine and sine of every band about the centre of a frame.
 *
 * Rows are pairs of bands `[ceil(F / 2)][half][2]`: two bands share each load
 * of a frame. For an odd F the second band of the last pair is zero.
 */
export interface BandTables {
  readonly bands: number;
  /** Samples in a frame. */
  readonly points: number;
  /** Samples on a side of the centre, the centre itself included. */
  readonly half: number;
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
}

let last: { readonly key: string; readonly tables: BandTables } | undefined;

/**
 * Tables for frames of `points` samples. The last ones are cached: 50,000 sines
 * cost as much as 50 frames, and the stimuli of a data set mostly share a rate.
 *
 * Sample `m` on either side is `m + offset` from the centre, where `offset` is
 * 1/2 for an even number of points. For an odd number folding a frame meets the
 * centre (m = 0) twice, so that its weight is halved.
 */
export function bandTables(
  points: number,
  rateHz: number,
  fminHz: number,
  fmaxHz: number,
  bandsPerOctave: number,
): BandTables {
  const key = [points, rateHz, fminHz, fmaxHz, bandsPerOctave].join();
  if (last?.key !== key) {
    const frequencies = logBandsHz(fminHz, fmaxHz, bandsPerOctave);
    last = { key, tables: tablesFor(points, rateHz, frequencies) };
  }
  return last.tables;
}

function tablesFor(
  points: number,
  rateHz: number,
  frequencies: Float64Array,
): BandTables {
  const window = hammingWindow(points);
  const odd = points % 2;
  const half = (points + odd) / 2;
  const bands = frequencies.length;
  const cosines = new Float64Array(2 * Math.ceil(bands / 2) * half);
  const sines = new Float64Array(cosines.length);
  for (let band = 0; band < bands; band++) {
    const step = 2 * Math.PI * (frequencies[band] as number) / rateHz;
    for (let m = 0; m < half; m++) {
      const weight = (window[half - 1 - m] as number) *
        (odd && m === 0 ? 0.5 : 1);
      const phase = step * (odd ? m : m + 0.5);
      const at = 2 * ((band >> 1) * half + m) + (band & 1);
      cosines[at] = weight * Math.cos(phase);
      sines[at] = weight * Math.sin(phase);
    }
  }
  return { bands, points, half, cosines, sines };
}

/**
 * Symmetric Hamming window: NumPy's `hamming`.
 *
 * @param points Length, at least 2.
 * @returns `[points]`, exactly symmetric.
 */
export function hammingWindow(points: number): Float64Array {
  const out = new Float64Array(points);
  for (let k = 0; k < points; k++) {
    const fromEdge = Math.min(k, points - 1 - k);
    out[k] = 0.54 - 0.46 * Math.cos(2 * Math.PI * fromEdge / (points - 1));
  }
  return out;
}

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

/** Sums of a group of frames over the tables of every band. */
export interface FrameSums {
  /** Frames of a group. */
  readonly lanes: number;
  /** Frames `[lanes][points]`; the caller fills them before each run. */
  readonly frames: Float64Array;
  /** Filled by a run: `[bands][lanes]`, for an odd number of bands one more. */
  readonly real: Float64Array;
  /** As `real`. */
  readonly imaginary: Float64Array;
  /**
   * Computes the sums of `frames`.
   *
   * @returns False, with the sums unchanged, if every sample is zero.
   */
  run(): boolean;
}
