import { OVERLAP_SAVE_MODULE } from "../wasm/overlap_save.wasm.ts";
import { type WasmCall, WasmScratch } from "../wasm/wasm.ts";

/** Whether two arrays hold the same values. */
export function sameValues(a: Float64Array, b: Float64Array): boolean {
  return a === b ||
    a.length === b.length && a.every((value, k) => value === b[k]);
}

/** Exports of assembly/overlap_save.as.ts; addresses are in bytes. */
interface OverlapSaveExports {
  spectrum(
    first: number,
    second: number,
    points: number,
    offset: number,
    tables: number,
    data: number,
  ): void;
  filtered(
    data: number,
    points: number,
    offset: number,
    tables: number,
    gains: number,
    first: number,
    second: number,
  ): void;
}

/** Addresses for transforms of a size, in bytes. */
interface Layout {
  readonly points: number;
  readonly tables: number;
  readonly gains: number;
  readonly data: number;
  readonly blocks: number;
  readonly trace: number;
}

/** Twice a power of 4. */
const SIZES = [512, 2048, 8192, 32_768, 131_072];

const scratch = new WasmScratch<OverlapSaveExports>(OVERLAP_SAVE_MODULE);
/** The filter whose tables and gains are in the memory. */
let last: { readonly size: number; readonly weights: Float64Array } | undefined;

/**
 * `plainOverlapSave` on WebAssembly SIMD; results differ by rounding.
 *
 * @param padded Trace with `radius` samples on either side `[T + 2 radius]`.
 * @param weights One side of the filter `[radius + 1]`, centre first.
 * @returns A new trace `[T]`; undefined if this machine does not run it, or the
 * trace or the filter is too long for it.
 */
export function simdOverlapSave(
  padded: Float64Array,
  weights: Float64Array,
): Float64Array | undefined {
  const radius = weights.length - 1;
  const length = padded.length - 2 * radius;
  const size = transformSize(length, radius);
  const step = size - 2 * radius;
  if (step <= 0) return undefined;
  const pairs = Math.ceil(length / (2 * step));
  const layout = layoutFor(size);
  const samples = 2 * Math.max(pairs * step + radius, size);
  const call = scratch.take(layout.trace + 8 * samples);
  if (call === undefined) return undefined;
  prepare(call, layout, size, weights);
  const trace = new Float64Array(call.buffer, layout.trace, samples);
  trace.set(padded);
  trace.fill(padded[0] as number, padded.length);
  return filtered(call, layout, length, radius, step, padded[0] as number);
}

/** The cheapest size; 0 if none has room for the filter. */
function transformSize(length: number, radius: number): number {
  let best = 0;
  let least = Infinity;
  for (const size of SIZES) {
    const step = size - 2 * radius;
    const cost = Math.ceil(length / (2 * step)) * size * Math.log2(size);
    if (step > 0 && cost < least) [best, least] = [size, cost];
  }
  return best;
}

function layoutFor(size: number): Layout {
  const points = size / 2;
  const gains = 16 * (2 * points - 1);
  const data = gains + 16 * points;
  const blocks = data + 32 * points;
  return { points, tables: 0, gains, data, blocks, trace: blocks + 16 * size };
}

/** Writes the tables and the gains, unless the memory holds them already. */
function prepare(
  { exports, buffer }: WasmCall<OverlapSaveExports>,
  { points, tables, gains, data, trace }: Layout,
  size: number,
  weights: Float64Array,
): void {
  if (last?.size === size && sameValues(last.weights, weights)) return;
  last = undefined;
  new Float64Array(buffer, tables, gains / 8).set(tablesFor(size));
  const impulse = new Float64Array(buffer, trace, 2 * size).fill(0);
  impulse[0] = weights[0] as number;
  for (let k = 1; k < weights.length; k++) {
    impulse[k] = weights[k] as number;
    impulse[size - k] = weights[k] as number;
  }
  exports.spectrum(trace, trace + 8 * size, points, 0, tables, data);
  const spectrum = new Float64Array(buffer, data, 4 * points);
  const gain = new Float64Array(buffer, gains, size);
  for (let k = 0; k < size; k++) {
    gain[k] = (spectrum[4 * (k >> 1) + (k & 1)] as number) / size;
  }
  last = { size, weights };
}

/** Roots of unity of the first step, then the factors of the steps of radix 4. */
function tablesFor(size: number): number[] {
  const table: number[] = [];
  const push = (turns: number): void => {
    table.push(Math.cos(2 * Math.PI * turns), -Math.sin(2 * Math.PI * turns));
  };
  for (let i = 0; i < size / 2; i++) push(i / size);
  for (let span = size / 2; span >= 4; span /= 4) {
    for (let j = 0; j < span / 4; j++) {
      for (const k of [1, 2, 3]) push(j * k / span);
    }
  }
  return table;
}

function filtered(
  { exports, buffer }: WasmCall<OverlapSaveExports>,
  { points, tables, gains, data, blocks, trace }: Layout,
  length: number,
  radius: number,
  step: number,
  offset: number,
): Float64Array {
  const out = new Float64Array(length);
  const size = 2 * points;
  const other = blocks + 8 * size;
  const results = [blocks, other].map((at) =>
    new Float64Array(buffer, at, size)
  );
  for (let start = 0; start < length; start += 2 * step) {
    const first = trace + 8 * start;
    exports.spectrum(first, first + 8 * step, points, offset, tables, data);
    exports.filtered(data, points, offset, tables, gains, blocks, other);
    results.forEach((result, part) => {
      const at = start + part * step;
      const end = Math.min(step, length - at);
      if (end > 0) out.set(result.subarray(radius, radius + end), at);
    });
  }
  return out;
}
