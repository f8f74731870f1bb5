import { checkFinite } from "./_check_finite.ts";
import { leaveOneOutMedians } from "./_leave_one_out_medians.ts";
import { Scratch } from "./_scratch.ts";

/** Added to the denominator by the published loader: a flat trace gives r 0. */
const FLAT = 1e-12;

const scratch = new Scratch(Float64Array);

/**
 * How well each repeat agrees with the rest: Pearson r with the sample-wise
 * median of the *other* repeats, all cut to the shortest.
 *
 * Fewer than three repeats, or one without samples, leave nothing to tell: every
 * r is 1, so that no repeat is dropped for it.
 *
 * @param repeats Repeats `[T]`, ragged, one unit.
 * @returns One r, -1 to 1, per repeat.
 * @throws {RangeError} If a sample is not finite.
 */
export function leaveOneOutCorrelation(
  repeats: readonly Float64Array[],
): Float64Array {
  const count = repeats.length;
  repeats.forEach((repeat, i) =>
    checkFinite("correlate repeats", repeat, `repeat ${i}`)
  );
  const length = Math.min(...repeats.map((repeat) => repeat.length));
  const out = new Float64Array(count).fill(1);
  if (count < 3 || length === 0) return out;
  const medians = leaveOneOutMedians(
    repeats,
    length,
    scratch.take(count * length),
  );
  for (let i = 0; i < count; i++) {
    out[i] = correlation(
      repeats[i].subarray(0, length),
      medians.subarray(i * length, (i + 1) * length),
    );
  }
  return out;
}

function correlation(a: Float64Array, b: Float64Array): number {
  const meanA = mean(a);
  const meanB = mean(b);
  let aa = 0;
  let bb = 0;
  let ab = 0;
  for (let t = 0; t < a.length; t++) {
    const da = a[t] - meanA;
    const db = b[t] - meanB;
    aa += da * da;
    bb += db * db;
    ab += da * db;
  }
  return ab / (Math.sqrt(aa) * Math.sqrt(bb) + FLAT);
}

function mean(x: Float64Array): number {
  let sum = 0;
  for (let t = 0; t < x.length; t++) sum += x[t];
  return sum / x.length;
}
