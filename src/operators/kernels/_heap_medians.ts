import { reflected } from "./_reflected.ts";
import { Scratch } from "./_scratch.ts";
import { TwoHeaps } from "./_two_heaps.ts";

const scratch = new Scratch(Float64Array);

/**
 * Running upper medians by two heaps.
 *
 * @param x Trace `[T]`, T at least 1, finite.
 * @param size Window in samples; edges as in `medianFilter`.
 * @param out Filled with the medians `[T]`.
 */
export function heapMedians(
  x: Float64Array,
  size: number,
  out: Float64Array,
): void {
  const before = size >> 1;
  const padded = scratch.take(x.length + size - 1);
  reflected(x, before, size - 1 - before, padded);
  const heaps = new TwoHeaps(padded.subarray(0, size));
  out[0] = heaps.upperMedian;
  let slot = 0;
  for (let i = 1; i < x.length; i++) {
    heaps.replace(slot, padded, i + size - 1);
    if (++slot === size) slot = 0;
    out[i] = heaps.upperMedian;
  }
}
