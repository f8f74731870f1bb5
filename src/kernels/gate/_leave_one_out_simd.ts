import { leaveOneOutMedians, SUMS } from "./_leave_one_out_plain.ts";
import { LEAVE_ONE_OUT_MODULE } from "../wasm/leave_one_out.wasm.ts";
import { WasmScratch } from "../wasm/wasm.ts";
/**
 * Pairs of places to compare and put in order, one pair after the other. The
 * middle places, from which medians are taken, then hold their values of the
 * sorted list. Unlike a sort with branches, it sorts many lists at a time.
 *
 * Batcher's merge exchange (Knuth, The Art of Computer Programming 3, 5.2.2,
 * algorithm M), without the pairs that do not reach the middle.
 *
 * @param count Places, at least 2.
 * @returns `[pairs][2]`, the place of the lesser value first.
 */
export function medianExchanges(count: number): Uint16Array {
  const low = (count - 2) >> 1;
  const needed = new Set([low, low + 1, ((count - 1) >> 1) + 1]);
  const kept = mergeExchanges(count).toReversed().filter((pair) => {
    if (!pair.some((place) => needed.has(place))) return false;
    pair.forEach((place) => needed.add(place));
    return true;
  });
  return Uint16Array.from(kept.toReversed().flat());
}

function mergeExchanges(count: number): [number, number][] {
  const pairs: [number, number][] = [];
  const top = 2 ** (Math.ceil(Math.log2(count)) - 1);
  for (let p = top; p > 0; p >>= 1) {
    let [q, r, d] = [top, 0, p];
    while (true) {
      for (let i = 0; i < count - d; i++) {
        if ((i & p) === r) pairs.push([i, i + d]);
      }
      if (q === p) break;
      [q, r, d] = [q >> 1, p, q - p];
    }
  }
  return pairs;
}

/** Exports of assembly/leave_one_out.as.ts; addresses are in bytes. */
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

/** Samples copied at a time, and sorted at a time: even numbers. */
const PART = 2048;
const TILE = 256;

const scratch = new WasmScratch<LeaveOneOutExports>(LEAVE_ONE_OUT_MODULE);

/**
 * `leaveOneOutSums` on WebAssembly SIMD.
 *
 * @returns Undefined if this machine does not run it, or there are too many
 * repeats for it.
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
  repeats.forEach((repeat, i) =>
    origins.set([repeat[0] as number, medians[i] as number], 2 * i)
  );
}

/**
 * Copies a part of every repeat. A part of odd length gets the first sample once
 * more, which adds 0 to every sum, since sums are less the first values.
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
    if ((end - start) % 2 === 1) {
      parts[i * PART + end - start] = repeat[0] as number;
    }
  });
  return end - start + (end - start) % 2;
}
