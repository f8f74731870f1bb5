import { checkCount } from "../../base/check.ts";
import { reflected } from "../common/traces.ts";
import { Scratch } from "../common/scratch.ts";

/** Bits of a value inside its block: an empty block is skipped in one step. */
const BLOCK_BITS = 6;

const countScratch = new Scratch(Int32Array);
const blockScratch = new Scratch(Int32Array);

/** Counts of the whole numbers in a window, and their median; one instance at a time. */
export class SlidingHistogram {
  readonly #least: number;
  readonly #counts: Int32Array;
  readonly #blocks: Int32Array;
  /** Place of the median in the sorted window. */
  readonly #rank: number;
  /** The median, counted from the least value. */
  #median = 0;
  /** Values of the window below the median. */
  #below = 0;

  /**
   * @param trace All values that will ever be in the window.
   * @param size Length of the window, which holds the first values.
   */
  constructor(trace: Int16Array, size: number) {
    let least = trace[0] as number;
    let greatest = least;
    for (let i = 1; i < trace.length; i++) {
      const value = trace[i] as number;
      if (value < least) least = value;
      else if (value > greatest) greatest = value;
    }
    this.#least = least;
    const values = greatest - least + 1;
    this.#counts = countScratch.take(values).fill(0);
    this.#blocks = blockScratch.take((values >> BLOCK_BITS) + 1).fill(0);
    this.#rank = size >> 1;
    for (let i = 0; i < size; i++) this.#count((trace[i] as number) - least, 1);
    this.#settle();
  }

  /** Element `floor(size / 2)` of the sorted window. */
  get upperMedian(): number {
    return this.#least + this.#median;
  }

  /** Replaces one value of the window by another. */
  replace(old: number, value: number): void {
    if (old === value) return;
    this.#count(old - this.#least, -1);
    this.#count(value - this.#least, 1);
    this.#settle();
  }

  #count(value: number, change: number): void {
    this.#counts[value] = (this.#counts[value] as number) + change;
    this.#blocks[value >> BLOCK_BITS] =
      (this.#blocks[value >> BLOCK_BITS] as number) + change;
    if (value < this.#median) this.#below += change;
  }

  #settle(): void {
    const counts = this.#counts;
    const blocks = this.#blocks;
    const mask = (1 << BLOCK_BITS) - 1;
    let median = this.#median;
    let below = this.#below;
    while (below > this.#rank) {
      // At the start of a block: an empty block before it is skipped.
      if ((median & mask) === 0 && blocks[(median >> BLOCK_BITS) - 1] === 0) {
        median -= mask + 1;
      } else {
        below -= counts[--median] as number;
      }
    }
    while (below + (counts[median] as number) <= this.#rank) {
      if ((median & mask) === 0 && blocks[median >> BLOCK_BITS] === 0) {
        median += mask + 1;
      } else {
        below += counts[median++] as number;
      }
    }
    this.#median = median;
    this.#below = below;
  }
}

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
 * @returns `out`, by default a new trace `[T]`, in steps.
 * @throws {RangeError} If `size` is no such count.
 */
export function integerMedianFilter(
  x: Int16Array,
  size: number,
  out: Float64Array = new Float64Array(x.length),
): Float64Array {
  checkCount("filter by the median", "size", size, 1);
  const n = x.length;
  if (n === 0 || size === 1) {
    out.set(x);
    return out;
  }
  const before = size >> 1;
  const padded = scratch.take(n + size - 1);
  reflected(x, before, size - 1 - before, padded);
  const window = new SlidingHistogram(padded, size);
  out[0] = window.upperMedian;
  for (let i = 1; i < n; i++) {
    window.replace(padded[i - 1] as number, padded[i + size - 1] as number);
    out[i] = window.upperMedian;
  }
  return out;
}
