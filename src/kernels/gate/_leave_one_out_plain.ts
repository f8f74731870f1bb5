import { Scratch } from "../common/scratch.ts";

/**
 * Computes the sample-wise median of the other repeats for every repeat.
 *
 * One sort per sample gives all of them: leaving a value out shifts the middle
 * by one place at most. Each sort starts from the order of the previous sample,
 * which is nearly right, since neighbouring samples rank repeats alike.
 *
 * @param repeats At least two repeats of at least `length` samples.
 * @param length Samples to use of each.
 * @param out Filled with the result, `[R, length]`, row by row.
 * @returns `out`.
 */
export function leaveOneOutMedians(
  repeats: readonly Float64Array[],
  length: number,
  out: Float64Array,
): Float64Array {
  const count = repeats.length;
  const order = Int32Array.from(repeats.keys());
  const sorted = new Float64Array(count);
  // The two middle places of the others; the same place for an odd number.
  const low = (count - 2) >> 1;
  const high = (count - 1) >> 1;
  for (let t = 0; t < length; t++) {
    for (let j = 0; j < count; j++) {
      sorted[j] = (repeats[order[j] as number] as Float64Array)[t] as number;
    }
    insertionSort(sorted, order);
    for (let i = 0; i < count; i++) {
      const value = (repeats[i] as Float64Array)[t] as number;
      out[i * length + t] = (besides(sorted, low, value) +
        besides(sorted, high, value)) / 2;
    }
  }
  return out;
}

/** The value at a place of the sorted list without `value`. */
function besides(sorted: Float64Array, place: number, value: number): number {
  const own = sorted[place] as number;
  return own < value ? own : sorted[place + 1] as number;
}

function insertionSort(values: Float64Array, order: Int32Array): void {
  for (let j = 1; j < values.length; j++) {
    const value = values[j] as number;
    const index = order[j] as number;
    let k = j - 1;
    for (; k >= 0 && (values[k] as number) > value; k--) {
      values[k + 1] = values[k] as number;
      order[k + 1] = order[k] as number;
    }
    values[k + 1] = value;
    order[k + 1] = index;
  }
}

/** Number of sums of a repeat (x) and a median (y): x, y, x * x, y * y, x * y. */
export const SUMS = 5;

const scratch = new Scratch(Float64Array);

/** `leaveOneOutSums` in TypeScript. */
export function plainLeaveOneOutSums(
  repeats: readonly Float64Array[],
  length: number,
): Float64Array {
  const sums = new Float64Array(repeats.length * SUMS * 2);
  const medians = leaveOneOutMedians(
    repeats,
    length,
    scratch.take(repeats.length * length),
  );
  repeats.forEach((repeat, i) => {
    const others = medians.subarray(i * length, (i + 1) * length);
    for (const lane of [0, 1]) {
      addLane(repeat, others, lane, sums, i * SUMS * 2 + lane);
    }
  });
  return sums;
}

function addLane(
  repeat: Float64Array,
  others: Float64Array,
  lane: number,
  sums: Float64Array,
  at: number,
): void {
  let x = 0;
  let y = 0;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let t = lane; t < others.length; t += 2) {
    const dx = (repeat[t] as number) - (repeat[0] as number);
    const dy = (others[t] as number) - (others[0] as number);
    x += dx;
    y += dy;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  [x, y, xx, yy, xy].forEach((sum, k) => sums[at + 2 * k] = sum);
}
