import type { SyntheticRandom } from "../shared/random.ts";
import { BANDS, SILENCE, soundCovariance, type SoundDetail } from "./sound.ts";

/**
 * Receptive field of a synthetic cell: the weight at a band and a lag is
 * `bands[band] * lags[lag]`, and the cell fires at
 * `rateHz * max(0, 1 + sum of weight * stimulus)`.
 */
export interface SyntheticWingertStrf {
  /** Weight per band `[32]`; the weights sum to zero. */
  readonly bands: readonly number[];
  /** Weight per lag `[15]` of 10 ms. */
  readonly lags: readonly number[];
  /** Band and lag of the largest weight, both from 0. */
  readonly peak: readonly [band: number, lag: number];
}

/** Lags of 10 ms that a field spans: 150 ms. */
export const LAGS = 15;
/** Standard deviation of the sum of weight times stimulus. */
const DRIVE = 0.6;

/** Draws a field: a band with flanks, excitation followed by inhibition. */
export function drawStrf(
  random: SyntheticRandom,
  detail: SoundDetail,
): SyntheticWingertStrf {
  const band = random.integer(5, 26);
  const lag = random.integer(2, 4);
  const width = random.uniform(1, 2);
  const lags = Array.from(
    { length: LAGS },
    (_, i) => alpha(i / lag) - 0.5 * alpha(i / (2.4 * lag)),
  );
  const bands = balanced(
    axis((i) => bell(i - band, width)),
    axis((i) => bell(i - band, 2.5 * width)),
  );
  const gain = DRIVE / deviation(bands, lags, detail);
  return {
    bands: bands.map((weight) => short(weight * gain)),
    lags: lags.map(short),
    peak: [band, lags.indexOf(Math.max(...lags))],
  };
}

/** Rate relative to the mean `[bins]` during a stimulus, below zero included. */
export function drivenRate(
  { bands, lags }: SyntheticWingertStrf,
  sound: Float64Array,
): Float32Array {
  const bins = sound.length / BANDS;
  const sum = new Float64Array(bins);
  bands.forEach((weight, band) => {
    if (weight === 0) return;
    const row = band * bins;
    for (let bin = SILENCE; bin < bins - SILENCE; bin++) {
      (sum[bin] as number) += weight * (sound[row + bin] as number);
    }
  });
  const rate = new Float32Array(bins).fill(1);
  lags.forEach((weight, lag) => {
    for (let bin = lag; bin < bins; bin++) {
      (rate[bin] as number) += weight * (sum[bin - lag] as number);
    }
  });
  return rate;
}

/** `centre` minus a share of `surround`, such that the sum is zero. */
function balanced(
  centre: readonly number[],
  surround: readonly number[],
): number[] {
  const share = total(centre) / total(surround);
  return centre.map((weight, i) => weight - share * (surround[i] as number));
}

function deviation(
  bands: readonly number[],
  lags: readonly number[],
  detail: SoundDetail,
): number {
  let variance = 0;
  lags.forEach((a, i) =>
    lags.forEach((b, j) =>
      variance += a * b * soundCovariance(detail, Math.abs(i - j))
    )
  );
  return Math.sqrt(variance * total(bands.map((weight) => weight ** 2)));
}

function axis(weight: (band: number) => number): number[] {
  return Array.from({ length: BANDS }, (_, band) => weight(band));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function bell(distance: number, width: number): number {
  return Math.exp(-0.5 * (distance / width) ** 2);
}

function alpha(time: number): number {
  return (time * Math.exp(1 - time)) ** 4;
}

/** Rounds a weight to the five digits that `truth.json` holds. */
function short(weight: number): number {
  return Math.abs(weight) < 1e-4 ? 0 : Number(weight.toPrecision(5));
}
