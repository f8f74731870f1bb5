import { checkFinite } from "./_check_finite.ts";
import { windowSamples } from "./_window_samples.ts";
import { medianFilter } from "./median_filter.ts";

/**
 * Part of a trace that sits on a step: samples of the median-smoothed trace
 * more than `stepMv` from that smoothed trace's median.
 *
 * As in the published loader, a trace shorter than the window is taken as it
 * is, and one of fewer than three samples has no step.
 *
 * @param x Detrended trace `[T]`, mV.
 * @param rateHz Sampling rate in Hz.
 * @param stepMv Least height of a step in mV.
 * @param smoothMs Window of the running median in ms: what is shorter is no
 * step but a spike.
 * @returns 0 to 1.
 * @throws {RangeError} If a sample is not finite.
 */
export function stepFraction(
  x: Float64Array,
  rateHz: number,
  stepMv: number,
  smoothMs: number,
): number {
  if (x.length < 3) return 0;
  checkFinite("find steps", x);
  // The smoothed trace stays between the extremes of the trace: where these are
  // closer than a step is high, which is the rule, there is nothing to smooth.
  if (extent(x) <= stepMv) return 0;
  const size = windowSamples(smoothMs, rateHz);
  const smooth = medianFilter(x, size <= x.length ? size : 1);
  const median = middle(smooth);
  let count = 0;
  for (let i = 0; i < smooth.length; i++) {
    if (Math.abs(smooth[i] - median) > stepMv) count++;
  }
  return count / smooth.length;
}

function extent(x: Float64Array): number {
  let min = x[0];
  let max = x[0];
  for (let i = 1; i < x.length; i++) {
    if (x[i] < min) min = x[i];
    else if (x[i] > max) max = x[i];
  }
  return max - min;
}

function middle(x: Float64Array): number {
  const sorted = x.toSorted();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[half]
    : (sorted[half - 1] + sorted[half]) / 2;
}
