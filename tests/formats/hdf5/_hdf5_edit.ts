const FIXTURES = new URL("../../fixtures/hdf5/", import.meta.url);

/** A sound file of two datasets, each in several chunks. */
export const SMALL: Uint8Array = Deno.readFileSync(
  new URL("small.h5", FIXTURES),
);

/** Bytes where the parts of small.h5 begin. */
export const ROOT = {
  header: 96,
  tree: 136,
  heap: 680,
  symbols: 1072,
  heapData: 712,
};
/** The same of its dataset x: 6 values in chunks of 2. */
export const X = {
  header: 800,
  space: 824,
  type: 856,
  fill: 888,
  filters: 904,
  layout: 944,
  tree: 1400,
  chunks: 1424,
};
/** Bytes of an entry of its tree. */
export const CHUNK_ENTRY = 32;

/** A little-endian word. */
export function u16(value: number): Uint8Array {
  return new Uint8Array(Uint16Array.of(value).buffer);
}

/** A little-endian word. */
export function u32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

/** A little-endian word. */
export function u64(value: number): Uint8Array {
  return new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);
}

/** Replacement of bytes at a place. */
export type Edit = readonly [at: number, bytes: Uint8Array | readonly number[]];

/** A copy of small.h5 with other bytes in places. */
export function edited(...edits: readonly Edit[]): Uint8Array {
  const copy = SMALL.slice();
  for (const [at, bytes] of edits) copy.set(bytes, at);
  return copy;
}

/** Appends bytes and makes them the first chunk of x. */
export function withChunk(
  bytes: Uint8Array,
  size = bytes.length,
  mask = 0,
): Uint8Array {
  const file = edited(
    [X.chunks, u32(size)],
    [X.chunks + 4, u32(mask)],
    [X.chunks + 24, u64(SMALL.length)],
  );
  return new Uint8Array([...file, ...bytes]);
}
