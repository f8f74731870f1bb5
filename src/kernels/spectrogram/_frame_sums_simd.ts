import type { BandTables, FrameSums } from "./bands.ts";
import { FRAME_SUMS_MODULE } from "../wasm/frame_sums.wasm.ts";
import { WasmModule } from "../wasm/wasm.ts";

/** Exports of assembly/frame_sums.as.ts; addresses are in bytes. */
interface FrameSumsExports {
  fold(
    frames: number,
    points: number,
    half: number,
    even: number,
    odd: number,
  ): number;
  sums(
    table: number,
    folded: number,
    half: number,
    pairs: number,
    out: number,
  ): void;
}

/** Frames of a group in the module. */
const LANES = 6;
const PAGE_BYTES = 65_536;

/** Memory of the greatest instance: 53 bands of 1.6 s at 97.656 kHz. */
export const SIMD_MOST_BYTES = 2 ** 26;

const module = new WasmModule<FrameSumsExports>(FRAME_SUMS_MODULE);

/** Whether this machine runs the module. */
export const hasSimd: boolean = module.runs;

/** Bytes that an instance for these tables holds: the tables and one group. */
export function simdBytes(tables: BandTables): number {
  return 8 * layout(tables).reduce((all, length) => all + length, 0);
}

/**
 * Sums on WebAssembly SIMD, the same as `plainFrameSums`, bit by bit.
 *
 * The instance has its own memory, `simdBytes(tables)` in whole pages, which is
 * collected with the sums.
 */
export function simdFrameSums(tables: BandTables): FrameSums {
  const { points, half } = tables;
  const pairs = Math.ceil(tables.bands / 2);
  const initial = Math.ceil(simdBytes(tables) / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial, maximum: initial });
  const arrays = views(memory, layout(tables));
  const [cosines, sines, frames, , , real, imaginary] = arrays;
  cosines.set(tables.cosines);
  sines.set(tables.sines);
  const { fold, sums } = module.instance(memory);
  const [c, s, x, e, o, r, i] = arrays.map((array) =>
    array.byteOffset
  ) as PerArray<number>;
  const run = (): boolean => {
    if (!fold(x, points, half, e, o)) return false;
    sums(c, e, half, pairs, r);
    sums(s, o, half, pairs, i);
    return true;
  };
  return { lanes: LANES, frames, real, imaginary, run };
}

/** One value for each of two tables, frames, their even and odd parts, two sums. */
type PerArray<Value> = [Value, Value, Value, Value, Value, Value, Value];

/** Values in each array. */
function layout(
  { bands, points, half, cosines }: BandTables,
): PerArray<number> {
  const table = cosines.length;
  const sums = LANES * 2 * Math.ceil(bands / 2);
  const part = LANES * half;
  return [table, table, LANES * points, part, part, sums, sums];
}

function views(
  memory: WebAssembly.Memory,
  lengths: PerArray<number>,
): PerArray<Float64Array> {
  let at = 0;
  const views = lengths.map((length) => {
    const view = new Float64Array(memory.buffer, at, length);
    at += view.byteLength;
    return view;
  });
  return views as PerArray<Float64Array>;
}
