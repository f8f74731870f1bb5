import { checkFinite, reflected, windowSamples } from "../common/traces.ts";
import { medianFilter } from "../median/median_filter.ts";
import { Scratch } from "../common/scratch.ts";

const paddedScratch = new Scratch(Float64Array);

/** Number of windows whose median lies beyond a level. */
export interface MediansBeyond {
  /** At the lower level or below. */
  readonly below: number;
  /** At the upper level or above. */
  readonly above: number;
}

/**
 * Counts the samples of a running median that lie beyond two levels, without
 * computing it: the median of a window is beyond a level if enough of its samples
 * are.
 *
 * @param x Trace `[T]`, T at least 1.
 * @param size Window in samples; edges and upper median as in `medianFilter`.
 * @param low Lower level.
 * @param high Upper level, above the lower one.
 */
export function mediansBeyond(
  x: Float64Array,
  size: number,
  low: number,
  high: number,
): MediansBeyond {
  const rank = size >> 1;
  const padded = paddedScratch.take(x.length + size - 1);
  reflected(x, rank, size - 1 - rank, padded);
  const count = { below: 0, above: 0 };
  let lows = 0;
  let highs = 0;
  for (let i = 0; i < padded.length; i++) {
    if ((padded[i] as number) <= low) lows++;
    else if ((padded[i] as number) >= high) highs++;
    if (i < size - 1) continue;
    if (lows > rank) count.below++;
    else if (highs >= size - rank) count.above++;
    const leaving = padded[i - size + 1] as number;
    if (leaving <= low) lows--;
    else if (leaving >= high) highs--;
  }
  return count;
}

/**
 * Distances of the median from the centre that the quick tests allow, in steps:
 * counts show the first of nearly all traces, windows the second of some more.
 */
const TOLERANCES = { counts: 1 / 4, windows: 1 / 6 };
/** Samples between those whose mean is the centre: any value near the median does. */
const CENTRE_STRIDE = 8;

const scratch = new Scratch(Float64Array);

/**
 * Part of a trace that sits on a step: samples of the median-smoothed trace
 * more than `stepMv` from that smoothed trace's median.
 *
 * As in the published loader, a trace shorter than the window is not smoothed,
 * and one with fewer than three samples has no step.
 *
 * @param x Detrended trace `[T]`, mV.
 * @param rateHz Sampling rate in Hz.
 * @param stepMv Least height of a step in mV.
 * @param smoothMs Window of the running median in ms: shorter events are spikes,
 * not steps.
 * @returns 0 to 1.
 * @throws {RangeError} If a sample is not finite.
 */
export function stepFraction(
  x: Float64Array,
  rateHz: number,
  stepMv: number,
  smoothMs: number,
): number {
  checkFinite("find steps", x);
  return stepFractionOf(x, rateHz, stepMv, smoothMs);
}

/** {@linkcode stepFraction} of a trace that is known to be finite. */
export function stepFractionOf(
  x: Float64Array,
  rateHz: number,
  stepMv: number,
  smoothMs: number,
): number {
  if (x.length < 3) return 0;
  const size = windowSamples(smoothMs, rateHz);
  const window = size <= x.length ? size : 1;
  if (holdsNoStep(x, window, stepMv)) return 0;
  const smooth = medianFilter(x, window, scratch.take(x.length));
  const median = middle(smooth);
  let count = 0;
  for (let i = 0; i < smooth.length; i++) {
    if (Math.abs((smooth[i] as number) - median) > stepMv) count++;
  }
  return count / smooth.length;
}

/**
 * Whether no sample of the smoothed trace can be a step away from its median.
 * Counting shows it at a twentieth of the cost of smoothing: the median is near
 * the centre, and the whole trace less than a step from any value it can have. True
 * for most traces; false proves nothing.
 *
 * A median is beyond a level if half of its window is. A sample is in `window`
 * windows, twice in those at an edge: if too few samples are beyond a level, no
 * window needs a closer look.
 */
function holdsNoStep(x: Float64Array, window: number, stepMv: number): boolean {
  const centre = centreOf(x);
  const quick = levelsOf(stepMv, TOLERANCES.counts);
  const counts = samplesBeyond(x, centre, quick.near, quick.far);
  if (
    4 * (counts.near + window) < x.length && 4 * counts.far < window
  ) return true;
  const { near, far } = levelsOf(stepMv, TOLERANCES.windows);
  const { below, above } = beyond(x, window, centre, near);
  if (2 * Math.max(below, above) >= x.length) return false;
  const steps = beyond(x, window, centre, far);
  return steps.below + steps.above === 0;
}

/** Distances from the centre: of the median at most, and of a step at least. */
function levelsOf(
  stepMv: number,
  tolerance: number,
): { readonly near: number; readonly far: number } {
  const near = stepMv * tolerance;
  // A little less than a step, so that rounding cannot hide one.
  return { near, far: stepMv * (1 - 1e-9) - near };
}

function centreOf(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i += CENTRE_STRIDE) sum += x[i] as number;
  return sum / Math.ceil(x.length / CENTRE_STRIDE);
}

/** Counts the samples at two distances from the centre, or farther. */
function samplesBeyond(
  x: Float64Array,
  centre: number,
  near: number,
  far: number,
): { readonly near: number; readonly far: number } {
  let nearCount = 0;
  let farCount = 0;
  for (let i = 0; i < x.length; i++) {
    const distance = Math.abs((x[i] as number) - centre);
    // No branch: it could not be predicted, and takes five times as long.
    nearCount += +(distance >= near);
    farCount += +(distance >= far);
  }
  return { near: nearCount, far: farCount };
}

function beyond(
  x: Float64Array,
  window: number,
  centre: number,
  by: number,
): MediansBeyond {
  return mediansBeyond(x, window, centre - by, centre + by);
}

function middle(x: Float64Array): number {
  const sorted = x.toSorted();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[half] as number)
    : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}
