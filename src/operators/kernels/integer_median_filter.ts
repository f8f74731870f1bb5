import { checkCount } from "../../_check.ts";
import { reflected } from "./_reflected.ts";
import { Scratch } from "./_scratch.ts";
import { SlidingHistogram } from "./_sliding_histogram.ts";

const scratch = new Scratch(Int16Array);

/**
 * Running median of whole numbers with reflected edges: what `medianFilter`
 * gives for the same numbers, several times faster.
 *
 * - Exact. A histogram of the window slides along; its median moves by the few
 *   steps that one sample more and one less can shift it.
 * - Method: Huang, Yang and Tang 1979, IEEE Trans. ASSP 27:13.
 *
 * @param x Trace `[T]`, stored steps.
 * @param size Window in samples, at least 1; may exceed the trace.
 * @param out What the result is written to, `[T]`, not `x`.
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
    window.replace(padded[i - 1], padded[i + size - 1]);
    out[i] = window.upperMedian;
  }
  return out;
}
