import type { BandTables, FrameSums } from "./bands.ts";
import { plainFrameSums } from "./_frame_sums_plain.ts";
import {
  hasSimd,
  SIMD_MOST_BYTES,
  simdBytes,
  simdFrameSums,
} from "./_frame_sums_simd.ts";

let last: { readonly tables: BandTables; readonly sums: FrameSums } | undefined;

/**
 * Sums on WebAssembly SIMD, or in TypeScript if that is missing: the same, bit by
 * bit. The sums of the last tables are cached.
 */
export function frameSums(tables: BandTables): FrameSums {
  if (last?.tables !== tables) {
    const fits = hasSimd && simdBytes(tables) <= SIMD_MOST_BYTES;
    last = { tables, sums: (fits ? simdFrameSums : plainFrameSums)(tables) };
  }
  return last.sums;
}
