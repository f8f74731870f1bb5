import type { BandTables } from "./bands.ts";
import { plainFrameSums } from "./_frame_sums_plain.ts";
import {
  hasSimd,
  SIMD_MOST_BYTES,
  simdBytes,
  simdFrameSums,
} from "./_frame_sums_simd.ts";

/** Sums of a group of frames over the tables of every band. */
export interface FrameSums {
  /** Frames of a group. */
  readonly lanes: number;
  /** To be filled before each run: `[lanes][points]`. */
  readonly frames: Float64Array;
  /** Filled by a run: `[bands][lanes]`, of an odd number of bands one more. */
  readonly real: Float64Array;
  /** As `real`. */
  readonly imaginary: Float64Array;
  /**
   * Sums up what `frames` holds.
   *
   * @returns False, and the sums stay as they were, if every sample is zero.
   */
  run(): boolean;
}

let last: { readonly tables: BandTables; readonly sums: FrameSums } | undefined;

/**
 * Sums on WebAssembly SIMD, or in TypeScript where it is missing: the same, bit
 * by bit. Those of the last tables are kept.
 */
export function frameSums(tables: BandTables): FrameSums {
  if (last?.tables !== tables) {
    const fits = hasSimd && simdBytes(tables) <= SIMD_MOST_BYTES;
    last = { tables, sums: (fits ? simdFrameSums : plainFrameSums)(tables) };
  }
  return last.sums;
}
