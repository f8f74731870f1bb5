import { windowSamples } from "./_window_samples.ts";
import { gaussianFilter1d } from "./gaussian_filter_1d.ts";
import { integerMedianFilter } from "./integer_median_filter.ts";
import { medianFilter } from "./median_filter.ts";
import { inUnits } from "./in_units.ts";

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
 * @param x Trace `[T]`, in mV or in stored steps.
 * @param rateHz Sampling rate in Hz.
 * @param medianMs Window of the running median in ms.
 * @param gaussMs Standard deviation of the gaussian in ms.
 * @param scale mV per stored step.
 * @returns A new trace `[T]`, mV.
 * @throws {RangeError} If a sample is not finite.
 */
export function medgaussDetrend(
  x: Float64Array | Int16Array,
  rateHz: number,
  medianMs: number,
  gaussMs: number,
  scale: number = 1,
): Float64Array {
  const trace = inUnits(x, scale);
  const size = windowSamples(medianMs, rateHz);
  // Scaling up keeps the order: the median of the steps is the same sample.
  const median = x instanceof Int16Array && scale > 0
    ? inUnits(integerMedianFilter(x, size), scale)
    : medianFilter(trace, size);
  const sigma = Math.max(LEAST_SIGMA, gaussMs * rateHz / 1000);
  const out = gaussianFilter1d(median, sigma);
  for (let i = 0; i < out.length; i++) out[i] = trace[i] - out[i];
  return out;
}
