import type { BandTables, FrameSums } from "./bands.ts";
import { FRAME_SUMS_MODULE } from "../wasm/frame_sums.wasm.ts";
import { WasmModule } from "../wasm/wasm.ts";

/** What assembly/frame_sums.as.ts exports; addresses are in bytes. */
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
 * The instance has a memory of its own, of `simdBytes(tables)` in whole pages:
 * it goes when the sums go.
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
  const [c, s, x, e, o, r, i] = arrays.map((array) => array.byteOffset);
  const run = (): boolean => {
    if (!fold(x, points, half, e, o)) return false;
    sums(c, e, half, pairs, r);
    sums(s, o, half, pairs, i);
    return true;
  };
  return { lanes: LANES, frames, real, imaginary, run };
}

/** Values of each array: tables, frames, their even and odd parts, sums. */
function layout({ bands, points, half, cosines }: BandTables): number[] {
  const table = cosines.length;
  const sums = LANES * 2 * Math.ceil(bands / 2);
  const part = LANES * half;
  return [table, table, LANES * points, part, part, sums, sums];
}

function views(memory: WebAssembly.Memory, lengths: number[]): Float64Array[] {
  let at = 0;
  return lengths.map((length) => {
    const view = new Float64Array(memory.buffer, at, length);
    at += view.byteLength;
    return view;
  });
}
