import { checkCount } from "../../base/check.ts";
import { reflected } from "../common/traces.ts";
import { Scratch } from "../common/scratch.ts";

/** Bits of a value inside its block: an empty block is skipped in one step. */
const BLOCK_BITS = 6;

const countScratch = new Scratch(Int32Array);
const blockScratch = new Scratch(Int32Array);

const scratch = new Scratch(Int16Array);

/**
 * Running median of whole numbers with reflected edges: the result of
 * `medianFilter`, several times faster.
 *
 * - Exact. A histogram of the window slides along; one sample more and one less
 *   shift its median by a few steps.
 * - Method: Huang, Yang and Tang 1979, IEEE Trans. ASSP 27:13.
 *
 * @param x Trace `[T]`, stored steps.
 * @param size Window in samples, at least 1; may exceed the trace.
 * @param out Filled with the result, `[T]`, not `x`.
 * @param scale Multiplies every median.
 * @returns `out`, by default a new trace `[T]`, in steps times `scale`.
 * @throws {RangeError} If `size` is no such count.
 */
export function integerMedianFilter(
  x: Int16Array,
  size: number,
  out: Float64Array = new Float64Array(x.length),
  scale: number = 1,
): Float64Array {
  checkCount("filter by the median", "size", size, 1);
  const n = x.length;
  if (n === 0) return out;
  const before = size >> 1;
  const padded = scratch.take(n + size - 1);
  reflected(x, before, size - 1 - before, padded);
  slide(padded, size, scale, out);
  return out;
}

/** Counts of the values in a window, and of those in each block of values. */
interface Histogram {
  readonly least: number;
  readonly counts: Int32Array;
  readonly blocks: Int32Array;
}

/**
 * Histogram of the first `size` samples, with room for all others; one at a time.
 */
function firstHistogram(trace: Int16Array, size: number): Histogram {
  let least = trace[0] as number;
  let greatest = least;
  for (let i = 1; i < trace.length; i++) {
    const value = trace[i] as number;
    if (value < least) least = value;
    else if (value > greatest) greatest = value;
  }
  const values = greatest - least + 1;
  const counts = countScratch.take(values).fill(0);
  const blocks = blockScratch.take((values >> BLOCK_BITS) + 1).fill(0);
  for (let i = 0; i < size; i++) {
    const value = (trace[i] as number) - least;
    add(counts, value, 1);
    add(blocks, value >> BLOCK_BITS, 1);
  }
  return { least, counts, blocks };
}

function add(counts: Int32Array, at: number, change: number): void {
  counts[at] = (counts[at] as number) + change;
}

/** Moves the window along; its state is local, which saves a seventh of the time. */
function slide(
  trace: Int16Array,
  size: number,
  scale: number,
  out: Float64Array,
): void {
  const { least, counts, blocks } = firstHistogram(trace, size);
  const rank = size >> 1;
  const mask = (1 << BLOCK_BITS) - 1;
  // Counted from the least value; `below` values of the window are lower.
  let median = 0;
  let below = 0;
  for (let i = 0; i < out.length; i++) {
    while (below > rank) {
      // At the start of a block: an empty block before it is skipped.
      if ((median & mask) === 0 && blocks[(median >> BLOCK_BITS) - 1] === 0) {
        median -= mask + 1;
      } else {
        below -= counts[--median] as number;
      }
    }
    while (below + (counts[median] as number) <= rank) {
      if ((median & mask) === 0 && blocks[median >> BLOCK_BITS] === 0) {
        median += mask + 1;
      } else {
        below += counts[median++] as number;
      }
    }
    out[i] = (least + median) * scale;
    if (i + size === trace.length) return;
    const old = (trace[i] as number) - least;
    const value = (trace[i + size] as number) - least;
    add(counts, old, -1);
    add(blocks, old >> BLOCK_BITS, -1);
    add(counts, value, 1);
    add(blocks, value >> BLOCK_BITS, 1);
    below += +(value < median) - +(old < median);
  }
}
