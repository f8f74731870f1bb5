/**
 * How hard the search for matches is: a level of zlib, 0 to 9, or `noise` for
 * samples. Noise has few matches and searching for them halves the speed, so
 * from 8 KB on only the codes of single bytes are shortened.
 */
export type Effort = number | "noise";

const NOISE_BYTES = 8192;

interface Deflate {
  (bytes: Uint8Array, options: DeflateOptions): Uint8Array;
}

interface DeflateOptions {
  readonly level: number;
  readonly strategy?: 2;
}

/** `Z_HUFFMAN_ONLY` of zlib.h. */
const HUFFMAN_ONLY = 2 as const;

const NODE = globalThis.process?.getBuiltinModule?.("node:zlib");
const DEFLATE: { readonly raw: Deflate; readonly zlib: Deflate } = NODE
  ? { raw: NODE.deflateRawSync, zlib: NODE.deflateSync }
  : await withoutNode();

/** Deno never loads pako. */
async function withoutNode(): Promise<typeof DEFLATE> {
  const { deflate, deflateRaw } = await import("pako");
  return { raw: deflateRaw, zlib: deflate };
}

/** Deflates bytes without a header (RFC 1951), as zip and gzip hold them. */
export function deflateRaw(bytes: Uint8Array, effort: Effort): Uint8Array {
  return DEFLATE.raw(bytes, optionsOf(bytes, effort));
}

/** Deflates bytes into a zlib stream (RFC 1950), as MAT, HDF5 and PNG hold them. */
export function deflateZlib(bytes: Uint8Array, effort: Effort): Uint8Array {
  return DEFLATE.zlib(bytes, optionsOf(bytes, effort));
}

function optionsOf({ length }: Uint8Array, effort: Effort): DeflateOptions {
  if (effort !== "noise") return { level: effort };
  return length < NOISE_BYTES
    ? { level: 6 }
    : { level: 1, strategy: HUFFMAN_ONLY };
}
