import { RANGES_MODULE } from "../wasm/ranges.wasm.ts";
import { WasmScratch } from "../wasm/wasm.ts";

/** Exports of assembly/ranges.as.ts; addresses are in bytes. */
interface RangesExports {
  extend(values: number, count: number, range: number): void;
  scale(
    values: number,
    count: number,
    min: number,
    width: number,
    least: number,
  ): void;
  logScale(
    values: number,
    count: number,
    min: number,
    width: number,
    least: number,
    out: number,
    unsure: number,
  ): number;
}

/** Least and greatest of some values. */
export type ValueRange = readonly [min: number, max: number];

/** How values are mapped: `(x - min) / width`, and 0 where that is below least. */
export interface Scaling {
  readonly min: number;
  readonly width: number;
  readonly least: number;
}

const LANES = 4;
/** Values of a piece: with results and a list 144 KiB, less than a core's cache. */
const PIECE = 16_384;
/** Bytes of a piece and of the rest of its last group. */
const PIECE_BYTES = 4 * (PIECE + LANES);
const RESULTS = PIECE_BYTES;
const LIST = RESULTS + PIECE_BYTES;
const BYTES = LIST + PIECE_BYTES / LANES;

const scratch = new WasmScratch<RangesExports>(RANGES_MODULE);

/** Whether a scaling in float32 equals the one in float64, and the machine runs it. */
export function scalesInSimd({ min, width }: Scaling): boolean {
  return scratch.runs && width > 0 && Math.fround(min) === min;
}

/** Least and greatest of some values and a range; undefined without the module. */
export function simdExtended(
  [min, max]: ValueRange,
  values: Float32Array,
): ValueRange | undefined {
  const call = scratch.take(BYTES);
  if (call === undefined) return undefined;
  const piece = new Float32Array(call.buffer, 0, PIECE + LANES);
  const range = new Float32Array(call.buffer, LIST, 2 * LANES);
  range.fill(min, 0, LANES).fill(max, LANES);
  for (let at = 0; at < values.length; at += PIECE) {
    const count = load(piece, values.subarray(at, at + PIECE));
    call.exports.extend(0, count, LIST);
  }
  return [
    Math.min(...range.subarray(0, LANES)),
    Math.max(...range.subarray(LANES)),
  ];
}

/** Scales values to `out`; false without the module. */
export function simdScaled(
  values: Float32Array,
  { min, width, least }: Scaling,
  out: Float32Array,
): boolean {
  const call = scratch.take(BYTES);
  if (call === undefined) return false;
  const piece = new Float32Array(call.buffer, 0, PIECE + LANES);
  for (let at = 0; at < values.length; at += PIECE) {
    const own = values.subarray(at, at + PIECE);
    call.exports.scale(0, load(piece, own), min, width, leastFloat(least));
    out.set(piece.subarray(0, own.length), at);
  }
  return true;
}

/**
 * Scales `log(10 x + 1)` of bands to `out`; false without the module.
 *
 * @param values Values `[F * T]`, band after band.
 * @param scalings Scaling of each of the F bands.
 * @param out Filled with the results; may be `values`.
 * @param replace Computes the result of a value and its index in the place of the
 * module, where that cannot round the logarithm for sure.
 */
export function simdLogScaled(
  values: Float32Array,
  scalings: readonly Scaling[],
  out: Float32Array,
  replace: (value: number, index: number, scaling: Scaling) => void,
): boolean {
  const call = scratch.take(BYTES);
  if (call === undefined) return false;
  const { exports, buffer } = call;
  const bins = values.length / scalings.length;
  const piece = new Float32Array(buffer, 0, PIECE + LANES);
  const results = new Float32Array(buffer, RESULTS, PIECE);
  const list = new Uint32Array(buffer, LIST, PIECE / LANES);
  for (const [start, end] of piecesOf(values.length, bins)) {
    load(piece, values.subarray(start, end));
    const unsure: [number, number, Scaling][] = [];
    for (let from = start; from < end;) {
      const band = Math.floor(from / bins);
      const to = Math.min(end, (band + 1) * bins);
      const scaling = scalings[band] as Scaling;
      const { min, width, least } = scaling;
      const found = exports.logScale(
        ...[4 * (from - start), paddedCount(to - from)] as const,
        ...[min, width, leastFloat(least)] as const,
        ...[RESULTS + 4 * (from - start), LIST] as const,
      );
      for (const group of list.subarray(0, found)) {
        const first = from + group * LANES;
        const last = Math.min(first + LANES, to);
        for (let at = first; at < last; at++) {
          unsure.push([values[at] as number, at, scaling]);
        }
      }
      from = to;
    }
    out.set(results.subarray(0, end - start), start);
    for (const one of unsure) replace(...one);
  }
  return true;
}

/** Starts and ends of pieces: several whole bands, or a part of one. */
function* piecesOf(
  total: number,
  bins: number,
): Generator<readonly [number, number]> {
  const whole = Math.floor(PIECE / bins) * bins;
  for (let start = 0; start < total;) {
    const band = (Math.floor(start / bins) + 1) * bins;
    const end = Math.min(start + (whole || PIECE), whole ? total : band);
    yield [start, end];
    start = end;
  }
}

/** Fills a piece and repeats the last value up to a whole group; its count. */
function load(piece: Float32Array, values: Float32Array): number {
  const { length } = values;
  piece.set(values);
  const count = paddedCount(length);
  piece.fill(values[length - 1] ?? 0, length, count);
  return count;
}

/** Count of values in whole groups. */
function paddedCount(count: number): number {
  return Math.ceil(count / LANES) * LANES;
}

/** Least float32 that is no less than a value. */
function leastFloat(value: number): number {
  const float = Math.fround(value);
  if (!(float < value)) return float;
  const bits = new Int32Array(Float32Array.of(float).buffer);
  bits[0] = (bits[0] as number) + (float < 0 ? -1 : 1);
  return new Float32Array(bits.buffer)[0] as number;
}
