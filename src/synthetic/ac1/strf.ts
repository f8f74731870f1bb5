import type { SyntheticRandom } from "../shared/random.ts";
import { SYNTHETIC_TONES, type SyntheticLevels } from "./sound.ts";

/** Spectro-temporal receptive field of a synthetic cell. */
export interface SyntheticStrf {
  /** Band and lag of the largest weight. */
  readonly peak: readonly [band: number, lag: number];
  /** Band of the first row of weights; bands without a row weigh zero. */
  readonly firstBand: number;
  /** Response per dB `[band][lag]`. */
  readonly weights: readonly (readonly number[])[];
  /** Standard deviation of the response over the stimuli of a release. */
  readonly deviation: number;
}

/** Lags of 5 ms that a field spans: 150 ms. */
export const SYNTHETIC_LAGS = 30;
const REACH = 6;

/**
 * Draws a field: excitation, Gaussian over bands and an alpha function over
 * lags, followed by weaker inhibition beside it.
 *
 * @param deviation Standard deviation of the response, in its unit.
 */
export function syntheticStrf(
  random: SyntheticRandom,
  deviation: number,
): SyntheticStrf {
  const band = random.integer(31, 46);
  const lag = random.integer(2, 5);
  const width = random.uniform(0.9, 1.5);
  const inhibitionLag = lag + random.uniform(2.5, 4);
  const inhibition = {
    band: band + random.uniform(-0.8, 0.8),
    lag: inhibitionLag,
    width: width * 1.3,
    // The sums nearly cancel, so that slow changes, which detrending removes,
    // stay small.
    weight: 0.97 * lag / (inhibitionLag * 1.3),
  };
  const firstBand = Math.max(SYNTHETIC_TONES.first, band - REACH);
  const lastBand = Math.min(SYNTHETIC_TONES.last, band + REACH);
  const rows = Array.from(
    { length: lastBand - firstBand + 1 },
    (_, i) =>
      Array.from(
        { length: SYNTHETIC_LAGS },
        (_, k) =>
          bell(firstBand + i - band, width) * alpha(k / lag) -
          inhibition.weight *
            bell(firstBand + i - inhibition.band, inhibition.width) *
            alpha(k / inhibition.lag),
      ),
  );
  const factor = deviation / drivenDeviation(rows);
  const weights = rows.map((row) =>
    row.map((weight) => short(weight * factor))
  );
  const peak = peakOf(weights, firstBand);
  return { peak, firstBand, weights, deviation };
}

/**
 * Linear response of a field to a stimulus, per 5 ms bin: bin i, whose centre
 * lies 2.5 ms after level i, responds to the levels i, i - 1, ...
 */
export function drivenBy(
  { firstBand, weights }: SyntheticStrf,
  { decibels, knots }: SyntheticLevels,
): Float64Array {
  const driven = new Float64Array(knots);
  weights.forEach((row, i) => {
    const band = (firstBand + i - SYNTHETIC_TONES.first) * knots;
    row.forEach((weight, lag) => {
      for (let bin = lag; bin < knots; bin++) {
        (driven[bin] as number) += weight *
          (decibels[band + bin - lag] as number);
      }
    });
  });
  return driven;
}

/** Rounds a weight to the five digits that `truth.json` holds. */
function short(weight: number): number {
  return Math.abs(weight) < 1e-6 ? 0 : Number(weight.toPrecision(5));
}

function bell(distance: number, width: number): number {
  return Math.exp(-0.5 * (distance / width) ** 2);
}

function alpha(time: number): number {
  return (time * Math.exp(1 - time)) ** 5;
}

/** Standard deviation over levels that are independent between bands. */
function drivenDeviation(rows: readonly (readonly number[])[]): number {
  const { deviationDb, correlation } = SYNTHETIC_TONES;
  let variance = 0;
  for (const row of rows) {
    row.forEach((a, i) =>
      row.forEach((b, j) => variance += a * b * correlation ** Math.abs(i - j))
    );
  }
  return deviationDb * Math.sqrt(variance);
}

function peakOf(
  weights: readonly (readonly number[])[],
  firstBand: number,
): [number, number] {
  const greatest = Math.max(...weights.flat());
  const row = weights.findIndex((lags) => lags.includes(greatest));
  return [firstBand + row, weights[row]?.indexOf(greatest) ?? -1];
}
