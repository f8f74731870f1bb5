import { leaveOneOutMedians } from "./_leave_one_out_medians.ts";
import { LEAVE_ONE_OUT_MODULE } from "./_leave_one_out_module.ts";
import { medianExchanges } from "./_median_exchanges.ts";
import { SUMS } from "./_plain_leave_one_out_sums.ts";
import { WasmScratch } from "./_wasm_scratch.ts";

/** What assembly/leave_one_out.as.ts exports; addresses are in bytes. */
interface LeaveOneOutExports {
  add(
    rows: number,
    count: number,
    stride: number,
    columns: number,
    exchanges: number,
    exchangesEnd: number,
    sorted: number,
    origins: number,
    sums: number,
  ): void;
}

/** Samples that are copied at a time, and that are sorted at a time: even. */
const PART = 2048;
const TILE = 256;

const scratch = new WasmScratch<LeaveOneOutExports>(LEAVE_ONE_OUT_MODULE);

/**
 * `leaveOneOutSums` on WebAssembly SIMD.
 *
 * @returns Undefined if this machine does not run it, or the repeats are too
 * many for it.
 */
export function simdLeaveOneOutSums(
  repeats: readonly Float64Array[],
  length: number,
): Float64Array | undefined {
  const count = repeats.length;
  const exchanges = medianExchanges(count);
  const sums = 16 * count;
  const sorted = sums + 16 * SUMS * count;
  const rows = sorted + 8 * TILE * count;
  const order = rows + 8 * PART * count;
  const orderEnd = order + exchanges.byteLength;
  const call = scratch.take(orderEnd);
  if (call === undefined) return undefined;
  const { exports, buffer } = call;
  new Uint16Array(buffer, order, exchanges.length).set(exchanges);
  fillOrigins(repeats, new Float64Array(buffer, 0, 2 * count));
  const total = new Float64Array(buffer, sums, 2 * SUMS * count).fill(0);
  const parts = new Float64Array(buffer, rows, PART * count);
  for (let start = 0; start < length; start += PART) {
    const there = fillParts(repeats, start, length, parts);
    for (let k = 0; k < there; k += TILE) {
      const columns = Math.min(TILE, there - k);
      const at = rows + 8 * k;
      exports.add(
        ...[at, count, 8 * PART, columns, order, orderEnd] as const,
        ...[sorted, 0, sums] as const,
      );
    }
  }
  return total.slice();
}

/** First value of each repeat, and of the medians of the others. */
function fillOrigins(
  repeats: readonly Float64Array[],
  origins: Float64Array,
): void {
  const medians = new Float64Array(repeats.length);
  leaveOneOutMedians(repeats, 1, medians);
  repeats.forEach((repeat, i) => origins.set([repeat[0], medians[i]], 2 * i));
}

/**
 * Copies a part of every repeat. To an odd one it adds the first sample: less
 * the first values it adds 0 to every sum.
 *
 * @returns Samples of a row, even.
 */
function fillParts(
  repeats: readonly Float64Array[],
  start: number,
  length: number,
  parts: Float64Array,
): number {
  const end = Math.min(length, start + PART);
  repeats.forEach((repeat, i) => {
    parts.set(repeat.subarray(start, end), i * PART);
    if ((end - start) % 2 === 1) parts[i * PART + end - start] = repeat[0];
  });
  return end - start + (end - start) % 2;
}
