import { UnsupportedError } from "../errors.ts";

/**
 * How hard the search for matches is: a level of zlib, 0 to 9, or `noise` for
 * samples. Noise has few matches and searching for them halves the speed, so
 * from 8 KB on only the codes of single bytes are shortened.
 */
export type Effort = number | "noise";

const NOISE_BYTES = 8192;

/** Deflates bytes without a header (RFC 1951), as zip and gzip hold them. */
export function deflateRaw(bytes: Uint8Array, effort: Effort): Uint8Array {
  return zlib().deflateRawSync(bytes, zlibOptions(bytes, effort));
}

/** Deflates bytes into a zlib stream (RFC 1950), as MAT and HDF5 hold them. */
export function deflateZlib(bytes: Uint8Array, effort: Effort): Uint8Array {
  return zlib().deflateSync(bytes, zlibOptions(bytes, effort));
}

function zlibOptions(
  { length }: Uint8Array,
  effort: Effort,
): { level: number; strategy?: number } {
  if (effort !== "noise") return { level: effort };
  return length < NOISE_BYTES
    ? { level: 6 }
    : { level: 1, strategy: zlib().constants.Z_HUFFMAN_ONLY };
}

function zlib(): typeof import("node:zlib") {
  const found = globalThis.process?.getBuiltinModule?.("node:zlib");
  if (found) return found;
  throw new UnsupportedError(
    "Cannot deflate here: there is no zlib, expected Deno",
  );
}
