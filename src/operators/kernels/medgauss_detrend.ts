import { windowSamples } from "./_window_samples.ts";
import { gaussianFilter1d } from "./gaussian_filter_1d.ts";
import { medianFilter } from "./median_filter.ts";

/** Least gaussian of the published loader, in samples: no smoothing at all. */
const LEAST_SIGMA = 1e-3;

/**
 * Takes the slow baseline (MedGauss) off a trace.
 *
 * - `x - gaussian(median(x))`: median window
 *   `max(1, round(medianMs * rateHz / 1000))` samples, gaussian of
 *   `gaussMs * rateHz / 1000` samples cut at 4 sigma, both with reflected edges.
 * - Reference: SciPy 1.10 `x - gaussian_filter1d(median_filter(x))`.
 *
 * @param x Trace `[T]`, mV.
 * @param rateHz Sampling rate in Hz.
 * @param medianMs Window of the running median in ms.
 * @param gaussMs Standard deviation of the gaussian in ms.
 * @returns A new trace `[T]`, mV.
 * @throws {RangeError} If a sample is not finite.
 */
export function medgaussDetrend(
  x: Float64Array,
  rateHz: number,
  medianMs: number,
  gaussMs: number,
): Float64Array {
  const median = medianFilter(x, windowSamples(medianMs, rateHz));
  const sigma = Math.max(LEAST_SIGMA, gaussMs * rateHz / 1000);
  const out = gaussianFilter1d(median, sigma);
  for (let i = 0; i < out.length; i++) out[i] = x[i] - out[i];
  return out;
}
