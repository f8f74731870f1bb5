import { reflected } from "../common/traces.ts";
import { RUNNING_MEDIANS_MODULE } from "../wasm/running_medians.wasm.ts";
import { WasmScratch } from "../wasm/wasm.ts";

/** Exports of assembly/running_medians.as.ts; addresses are in bytes. */
interface RunningMediansExports {
  medians(
    trace: number,
    size: number,
    length: number,
    block: number,
    work: number,
  ): number;
}

/** Windows that share a sort, in window lengths: more gains little. */
const BLOCK_SIZES = 4;
const LEAST_BLOCK = 1024;

const scratch = new WasmScratch<RunningMediansExports>(RUNNING_MEDIANS_MODULE);

/**
 * Running upper medians on WebAssembly SIMD: exactly those of `heapMedians`.
 *
 * @param x Trace `[T]`, T at least 1, finite.
 * @param size Window in samples, at least 2; edges as in `medianFilter`.
 * @param out Filled with the medians `[T]`.
 * @returns False, with `out` unchanged, if it cannot run or would be slow: no SIMD,
 * too long a trace, or values that crowd in a part of their range.
 */
export function rankMedians(
  x: Float64Array,
  size: number,
  out: Float64Array,
): boolean {
  const n = x.length;
  const length = n + size - 1;
  const block = Math.min(n, Math.max(LEAST_BLOCK, BLOCK_SIZES * size));
  const work = 8 * length;
  const call = scratch.take(work + 24 * (block + size) + 40);
  if (call === undefined) return false;
  const trace = new Float64Array(call.buffer, 0, length);
  const before = size >> 1;
  reflected(x, before, size - 1 - before, trace);
  if (!call.exports.medians(0, size, n, block, work)) return false;
  out.set(trace.subarray(0, n));
  return true;
}
