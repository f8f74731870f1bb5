import { leaveOneOutMedians } from "./_leave_one_out_medians.ts";
import { Scratch } from "./_scratch.ts";

/** Sums of a repeat (x): of x, y, x * x, y * y and x * y. */
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
    const dx = repeat[t] - repeat[0];
    const dy = others[t] - others[0];
    x += dx;
    y += dy;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  [x, y, xx, yy, xy].forEach((sum, k) => sums[at + 2 * k] = sum);
}
