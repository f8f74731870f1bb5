import { checkCount } from "../../_check.ts";
import { checkFinite } from "./_check_finite.ts";
import { reflected } from "./_reflected.ts";
import { Scratch } from "./_scratch.ts";
import { TwoHeaps } from "./_two_heaps.ts";

const scratch = new Scratch(Float64Array);

/**
 * Running median with reflected edges.
 *
 * - The window of sample `i` starts at `i - floor(size / 2)`; for an even
 *   window the median is the upper one, sorted element `size / 2`.
 * - Exact; O(log size) a sample, whatever the trace.
 * - Reference: SciPy 1.10 `median_filter(x, size, mode="reflect")`. Method:
 *   two heaps indexed by slot (Hardle and Steiger 1995, Appl. Statist. 44:258).
 *
 * @param x Trace `[T]`, any unit.
 * @param size Window in samples, at least 1; may exceed the trace.
 * @param out What the result is written to, `[T]`, not `x`.
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
  const n = x.length;
  if (n === 0 || size === 1) {
    out.set(x);
    return out;
  }
  const before = size >> 1;
  const padded = scratch.take(n + size - 1);
  reflected(x, before, size - 1 - before, padded);
  const heaps = new TwoHeaps(padded.subarray(0, size));
  out[0] = heaps.upperMedian;
  let slot = 0;
  for (let i = 1; i < n; i++) {
    heaps.replace(slot, padded, i + size - 1);
    if (++slot === size) slot = 0;
    out[i] = heaps.upperMedian;
  }
  return out;
}
