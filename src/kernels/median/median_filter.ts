import { checkCount } from "../../base/check.ts";
import { checkFinite } from "../common/traces.ts";
import { heapMedians } from "./_heap_medians.ts";
import { rankMedians } from "./_rank_medians_simd.ts";

/**
 * Running median with reflected edges.
 *
 * - The window of sample `i` starts at `i - floor(size / 2)`; for an even
 *   window the median is the upper one, sorted element `size / 2`.
 * - Exact; the cost hardly grows with the window, for any trace.
 * - Reference: SciPy 1.10 `median_filter(x, size, mode="reflect")`. Method: the
 *   ranks of a stretch, sorted once (Suomela 2014, arXiv:1406.1717); if these are
 *   slow or WebAssembly is missing, two heaps indexed by slot (Hardle and Steiger
 *   1995, Appl. Statist. 44:258).
 *
 * @param x Trace `[T]`, any unit.
 * @param size Window in samples, at least 1; may exceed the trace.
 * @param out Filled with the result, `[T]`, not `x`.
 * @returns `out`, by default a new trace `[T]`.
 * @throws {RangeError} If `size` is no such count, or a sample is not finite.
 */
export function medianFilter(
  x: Float64Array,
  size: number,
  out: Float64Array = new Float64Array(x.length),
): Float64Array {
  const act = "filter by the median";
  checkCount(act, "size", size, 1);
  checkFinite(act, x);
  return finiteMedianFilter(x, size, out);
}

/** {@linkcode medianFilter} of a trace that is known to be finite. */
export function finiteMedianFilter(
  x: Float64Array,
  size: number,
  out: Float64Array,
): Float64Array {
  if (x.length === 0 || size === 1) {
    out.set(x);
    return out;
  }
  if (!rankMedians(x, size, out)) heapMedians(x, size, out);
  return out;
}
