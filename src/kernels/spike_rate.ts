import { windowSamples } from "./common/traces.ts";
import { hannSmooth } from "./hann_smooth.ts";
import { medgaussDetrend } from "./medgauss_detrend.ts";
import { medianFilter } from "./median/median_filter.ts";
import { Scratch } from "./common/scratch.ts";

/** Least Hann window of the published loader, in samples. */
const LEAST_HANN = 3;

const scratch = new Scratch(Float64Array);

/**
 * Spike rate of a cell-attached trace.
 *
 * - Detrends (MedGauss), subtracts a running median, marks every sample above
 *   `thresholdSigma` population standard deviations, and smooths the marks with
 *   a symmetric Hann window of `max(3, round(smoothMs * rateHz / 1000))` points.
 * - Source: Asari and Zador 2009, J. Neurophysiol. 102:2638; SciPy 1.10.
 *
 * @param x Trace `[T]`, mV.
 * @param rateHz Sampling rate in Hz.
 * @param detrendMedianMs Median window of the detrending in ms.
 * @param detrendGaussMs Gaussian of the detrending in ms.
 * @param clipMedianMs Window of the running median in ms.
 * @param thresholdSigma Threshold in standard deviations.
 * @param smoothMs Hann window in ms.
 * @returns A new trace `[T]`, never negative; a mark counts 1 at its sample.
 * @throws {RangeError} If a sample is not finite.
 */
export function spikeRate(
  x: Float64Array,
  rateHz: number,
  detrendMedianMs: number,
  detrendGaussMs: number,
  clipMedianMs: number,
  thresholdSigma: number,
  smoothMs: number,
): Float64Array {
  const trace = medgaussDetrend(x, rateHz, detrendMedianMs, detrendGaussMs);
  const slow = medianFilter(
    trace,
    windowSamples(clipMedianMs, rateHz),
    scratch.take(trace.length),
  );
  for (let i = 0; i < trace.length; i++) {
    trace[i] = (trace[i] as number) - (slow[i] as number);
  }
  const threshold = thresholdSigma * standardDeviation(trace);
  const marks = trace.map((value) => value > threshold ? 1 : 0);
  return hannSmooth(marks, windowSamples(smoothMs, rateHz, LEAST_HANN));
}

function standardDeviation(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] as number;
  const mean = sum / x.length;
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += ((x[i] as number) - mean) ** 2;
  return Math.sqrt(squares / x.length);
}
