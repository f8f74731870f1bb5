import type { Tensor } from "../../tensor.ts";
import type { Grid } from "../draw/heat_map.ts";

/** Limits of the axes of a figure with time and frequency. */
export interface Limits {
  /** First and last second to draw; default: all. */
  readonly timeS?: readonly [from: number, to: number];
  /** Lowest and highest frequency to draw, in kHz; default: all. */
  readonly khz?: readonly [from: number, to: number];
}

/** Part of a spectrogram that a figure draws. */
export interface SpectrogramView {
  readonly grid: Grid;
  /** Frequency of each row, if known. */
  readonly bandsHz: readonly number[] | undefined;
  /** Time of the left and right edge in s. */
  readonly timeS: readonly [from: number, to: number];
  readonly unit: string | undefined;
}

/**
 * Cuts a spectrogram to limits: bins and bands that touch them are kept whole.
 *
 * @throws {RangeError} If the tensor is no spectrogram, or nothing is left.
 */
export function spectrogramView(
  act: string,
  stim: Tensor,
  { timeS, khz }: Limits,
): SpectrogramView {
  const { data, unit, dtMs, samplesPerBin } = stim;
  const [bands = 0, bins = 0, ...more] =
    stim.shape[0] === 1 && stim.shape.length === 3
      ? stim.shape.slice(1)
      : stim.shape;
  if (samplesPerBin !== undefined || more.length > 0 || stim.shape.length < 2) {
    throw new RangeError(
      `Cannot ${act}: the stimulus has shape (${stim.shape.join(", ")})` +
        `${samplesPerBin === undefined ? "" : " and is a waveform"}, ` +
        "expected a spectrogram (1, F, T) or (F, T)",
    );
  }
  if (stim.bandsHz !== undefined && stim.bandsHz.length !== bands) {
    throw new RangeError(
      `Cannot ${act}: bandsHz has ${stim.bandsHz.length} bands, ` +
        `expected ${bands}`,
    );
  }
  const dtS = secondsOf(act, dtMs);
  const [from, to] = binsIn(act, timeS, dtS, bins);
  const rows = bandsIn(act, khz, stim.bandsHz, bands);
  const columns = to - from;
  const values = new Float32Array(rows.length * columns);
  rows.forEach((band, row) => {
    const start = band * bins;
    values.set(data.subarray(start + from, start + to), row * columns);
  });
  return {
    grid: { values, rows: rows.length, columns },
    bandsHz: stim.bandsHz && rows.map((band) => stim.bandsHz?.[band] ?? NaN),
    timeS: [from * dtS, to * dtS],
    unit,
  };
}

/** Width of a bin in s. */
export function secondsOf(act: string, dtMs: number | undefined): number {
  if (dtMs !== undefined && dtMs > 0) return dtMs / 1000;
  throw new RangeError(
    `Cannot ${act}: dtMs is ${dtMs}, expected the width of a bin in ms`,
  );
}

/** Bins that a range of time touches. */
export function binsIn(
  act: string,
  timeS: readonly [number, number] | undefined,
  dtS: number,
  bins: number,
): [from: number, to: number] {
  if (timeS === undefined) return [0, bins];
  // A limit at the edge of a bin is rounded either way.
  const from = Math.max(0, Math.floor(timeS[0] / dtS + 1e-6));
  const to = Math.min(bins, Math.ceil(timeS[1] / dtS - 1e-6));
  if (to > from) return [from, to];
  throw new RangeError(
    `Cannot ${act}: timeS is ${timeS.join(" to ")}, ` +
      `expected a range within 0 to ${bins * dtS} s`,
  );
}

function bandsIn(
  act: string,
  khz: readonly [number, number] | undefined,
  bandsHz: readonly number[] | undefined,
  bands: number,
): number[] {
  const all = Array.from({ length: bands }, (_, band) => band);
  if (khz === undefined) return all;
  if (bandsHz === undefined) {
    throw new RangeError(
      `Cannot ${act}: khz is given, but the stimulus has no bandsHz`,
    );
  }
  const kept = all.filter((band) => {
    const centre = (bandsHz[band] ?? NaN) / 1000;
    return centre >= khz[0] && centre <= khz[1];
  });
  if (kept.length > 0) return kept;
  const [low = NaN, high = NaN] = [bandsHz[0], bandsHz.at(-1)];
  throw new RangeError(
    `Cannot ${act}: khz is ${khz.join(" to ")}, ` +
      `expected a range within ${low / 1000} to ${high / 1000} kHz`,
  );
}
