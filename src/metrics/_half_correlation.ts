import { randomBelow, sfc32 } from "../base/random.ts";

/**
 * Yields half splits of `count` repeats in lexicographic order, each as the list
 * of repeats in the half with repeat 0.
 *
 * Every split appears once: all `C(count, count / 2) / 2`, or the first
 * `maxSplits`.
 *
 * @param count Number of repeats, even and at least 2.
 * @param maxSplits Maximal number of splits.
 */
export function* halfSplits(
  count: number,
  maxSplits: number,
): Generator<Int32Array> {
  const size = count / 2;
  let first = Int32Array.from({ length: size }, (_, k) => k);
  for (let given = 0; given < maxSplits && first[0] === 0; given++) {
    yield first;
    let k = size - 1;
    while (k >= 0 && first[k] === count - size + k) k--;
    if (k < 0) return;
    const next = (first[k] as number) + 1;
    first = first.map((value, j) => j < k ? value : next + j - k);
  }
}

/** Seed of the random splits: results are the same in every run. */
const SEED = 0;

/**
 * How half splits are chosen where there are more than wanted: at random, or the
 * first ones in lexicographic order.
 */
export type SplitChoice = "random" | "first";

/** Most half splits by default, all splits of ten repeats, as deepSTRF 0.1.0. */
export const MAX_SPLITS = 126;

/** Chooses half splits, each as the list of repeats in the half with repeat 0. */
function chosenSplits(
  count: number,
  maxSplits: number,
  choice: SplitChoice,
): Iterable<Int32Array> {
  let splits = 1;
  // C(count, count / 2) / 2 = C(count - 1, count / 2 - 1).
  for (let k = 1; k < count / 2; k++) splits *= (count - k) / k;
  return choice === "first" || splits <= maxSplits
    ? halfSplits(count, maxSplits)
    : randomSplits(count, maxSplits);
}

/** Draws half splits with replacement, each equally likely. */
function* randomSplits(count: number, draws: number): Generator<Int32Array> {
  const random = sfc32(SEED);
  const others = Int32Array.from({ length: count - 1 }, (_, i) => i + 1);
  const size = count / 2 - 1;
  for (let draw = 0; draw < draws; draw++) {
    for (let i = 0; i < size; i++) {
      const j = i + randomBelow(others.length - i, random);
      const drawn = others[j] as number;
      others[j] = others[i] as number;
      others[i] = drawn;
    }
    yield Int32Array.of(0, ...others.slice(0, size).sort());
  }
}

/** A half is flat below this fraction of its repeats' variance: rounding. */
const FLAT = 1e-14;

/**
 * Mean Pearson r between the halves of half splits. Of an odd number of
 * repeats the last one is left out.
 *
 * @param covariance Products of the repeats about their means `[R, R]`.
 * @param count Repeats R, at least 2.
 * @param maxSplits Maximal number of splits.
 * @param choice How splits are chosen if there are more.
 * @returns -1 to 1, or NaN if a half is flat.
 */
export function halfCorrelation(
  covariance: Float64Array,
  count: number,
  maxSplits: number,
  choice: SplitChoice,
): number {
  const even = count - count % 2;
  let sum = 0;
  let splits = 0;
  for (const first of chosenSplits(even, maxSplits, choice)) {
    sum += correlation(covariance, count, first, complement(first, even));
    splits++;
  }
  return sum / splits;
}

function correlation(
  covariance: Float64Array,
  count: number,
  first: Int32Array,
  second: Int32Array,
): number {
  const a = variance(covariance, count, first);
  const b = variance(covariance, count, second);
  if (a === 0 || b === 0) return NaN;
  return sumOver(covariance, count, first, second) /
    (Math.sqrt(a) * Math.sqrt(b));
}

function complement(half: Int32Array, count: number): Int32Array {
  const out = new Int32Array(count - half.length);
  let passed = 0;
  for (let i = 0; i < count; i++) {
    if (half[passed] === i) passed++;
    else out[i - passed] = i;
  }
  return out;
}

/** Variance of a half's sum; 0 if it is only the rounding of its repeats'. */
function variance(
  covariance: Float64Array,
  count: number,
  half: Int32Array,
): number {
  const sum = sumOver(covariance, count, half, half);
  let own = 0;
  for (const i of half) own += covariance[i * (count + 1)] as number;
  return sum > FLAT * half.length * own ? sum : 0;
}

function sumOver(
  covariance: Float64Array,
  count: number,
  rows: Int32Array,
  columns: Int32Array,
): number {
  let sum = 0;
  for (let j = 0; j < rows.length; j++) {
    const row = (rows[j] as number) * count;
    for (let k = 0; k < columns.length; k++) {
      sum += covariance[row + (columns[k] as number)] as number;
    }
  }
  return sum;
}
