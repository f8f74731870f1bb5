import { windowSamples } from "./common/traces.ts";
import {
  finiteGaussianFilter1d,
  gaussianFilter1d,
} from "./gaussian/gaussian_filter.ts";
import { integerMedianFilter } from "./median/integer_median_filter.ts";
import { medianFilter } from "./median/median_filter.ts";
import { inUnits } from "./common/units.ts";
import { Scratch } from "./common/scratch.ts";

/** Least gaussian of the published loader, in samples: no smoothing at all. */
const LEAST_SIGMA = 1e-3;

const scratch = new Scratch(Float64Array);

/**
 * Subtracts the slow baseline (MedGauss) from a trace.
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
  const size = windowSamples(medianMs, rateHz);
  const median = scratch.take(x.length);
  // A positive scale keeps the order: the median of the steps is the same sample.
  if (x instanceof Int16Array && scale > 0) {
    integerMedianFilter(x, size, median, scale);
  } else {
    medianFilter(inUnits(x, scale), size, median);
  }
  const sigma = Math.max(LEAST_SIGMA, gaussMs * rateHz / 1000);
  // The median is finite if the trace is, unless the scale was too large.
  const out = Number.isFinite(scale * 2 ** 15)
    ? finiteGaussianFilter1d(median, sigma)
    : gaussianFilter1d(median, sigma);
  for (let i = 0; i < out.length; i++) {
    out[i] = (x[i] as number) * scale - (out[i] as number);
  }
  return out;
}
