import { checkFinite, reflected, windowSamples } from "../common/traces.ts";
import { finiteMedianFilter } from "../median/median_filter.ts";
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
  if (x.length < 3) return 0;
  checkFinite("find steps", x);
  return finiteStepFraction(x, rateHz, stepMv, smoothMs);
}

/** {@linkcode stepFraction} of a trace that is known to be finite. */
export function finiteStepFraction(
  x: Float64Array,
  rateHz: number,
  stepMv: number,
  smoothMs: number,
): number {
  if (x.length < 3) return 0;
  const size = windowSamples(smoothMs, rateHz);
  const window = size <= x.length ? size : 1;
  if (holdsNoStep(x, window, stepMv)) return 0;
  const smooth = finiteMedianFilter(x, window, scratch.take(x.length));
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
 * window needs a closer look. A window overlaps two pieces of its length.
 */
function holdsNoStep(x: Float64Array, window: number, stepMv: number): boolean {
  const centre = centreOf(x);
  const quick = levelsOf(stepMv, TOLERANCES.counts);
  const counts = samplesBeyond(x, window, centre, quick.near, quick.far);
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

/**
 * Counts the samples at two distances from the centre, or farther.
 *
 * @returns Of the whole trace `near`, and `far` the most in two pieces of the
 * length of the window, side by side: spikes are far from each other.
 */
function samplesBeyond(
  x: Float64Array,
  window: number,
  centre: number,
  near: number,
  far: number,
): { readonly near: number; readonly far: number } {
  let nearCount = 0;
  let most = 0;
  let before = 0;
  for (let start = 0; start < x.length; start += window) {
    const end = Math.min(x.length, start + window);
    let farCount = 0;
    for (let i = start; i < end; i++) {
      const distance = Math.abs((x[i] as number) - centre);
      // No branch: it could not be predicted, and takes five times as long.
      nearCount += +(distance >= near);
      farCount += +(distance >= far);
    }
    most = Math.max(most, before + farCount);
    before = farCount;
  }
  return { near: nearCount, far: most };
}

function beyond(
  x: Float64Array,
  window: number,
  centre: number,
  by: number,
): MediansBeyond {
  return mediansBeyond(x, window, centre - by, centre + by);
}

/** Median of a trace, at least one sample; changes the order of the samples. */
function middle(x: Float64Array): number {
  const half = x.length >> 1;
  const upper = select(x, half);
  if (x.length % 2 === 1) return upper;
  let lower = x[0] as number;
  for (let i = 1; i < half; i++) {
    if ((x[i] as number) > lower) lower = x[i] as number;
  }
  return (lower + upper) / 2;
}

/**
 * Puts the sample that sorting would put at a place there, no greater ones in
 * front of it and no lesser ones behind: Hoare 1961, Comm. ACM 4:321, a tenth of
 * the time of sorting.
 */
function select(x: Float64Array, place: number): number {
  let left = 0;
  let right = x.length - 1;
  while (left < right) {
    const pivot = x[(left + right) >> 1] as number;
    let i = left;
    let j = right;
    while (i <= j) {
      while ((x[i] as number) < pivot) i++;
      while ((x[j] as number) > pivot) j--;
      if (i > j) break;
      const moved = x[i] as number;
      x[i++] = x[j] as number;
      x[j--] = moved;
    }
    if (place <= j) right = j;
    else if (place >= i) left = i;
    else break;
  }
  return x[place] as number;
}
