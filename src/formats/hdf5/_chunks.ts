import type { Hdf5Cursor } from "./_cursor.ts";
import type { Hdf5Dataset } from "./_dataset.ts";
import { hdf5TreeEntries } from "./_group.ts";
import { MAX_INFLATE_RATIO } from "../../base/limits.ts";
import { inflate, type Inflated, InflateError } from "../../platform/zlib.ts";

/**
 * Inflates a chunk into a buffer of exactly its size.
 *
 * @param refused Makes the error for a chunk that does not inflate to that size.
 */
export function inflateHdf5(
  stored: Uint8Array,
  target: Uint8Array,
  refused: (why: string, cause?: unknown) => Error,
): void {
  const size = target.length;
  let found: Inflated;
  try {
    found = inflate(stored, { format: "zlib", maxBytes: size });
  } catch (error) {
    if (!(error instanceof InflateError)) throw error;
    const why = error.isTooLong
      ? `inflates to more than ${size} bytes`
      : `does not inflate: ${error.message}; download the file again`;
    throw refused(why, error.cause);
  }
  const { bytes, consumed } = found;
  if (consumed !== stored.length || bytes.length !== size) {
    throw refused(
      `inflates to ${bytes.length} bytes from ${consumed}, ` +
        `expected ${size} from ${stored.length}`,
    );
  }
  target.set(bytes);
  // The next chunk then gets this memory: it need not wait for the garbage
  // collector. A block of another size is shared with other buffers.
  const block = bytes.buffer;
  if (block.byteLength === size + 1) block.transfer(0);
}

const VALUE_BYTES = 8;
/** Trees of chunks have K 32 in files of superblock version 0. */
const MAX_ENTRIES = 64;

/** A chunk above this size is no larger than its dataset; h5py's stay below 1 MB. */
const SPARE_CHUNK_BYTES = 1 << 26;

interface Chunk {
  /** First element per axis. */
  readonly offset: readonly number[];
  /** Byte of the file where the chunk begins. */
  readonly address: number;
  readonly stored: Uint8Array;
  readonly isDeflated: boolean;
}

/**
 * Reads the values of a dataset, in C order, as float64 or rounded to float32.
 *
 * Memory is reserved once every chunk is found: no more than zlib can unpack of
 * this file.
 *
 * @throws {LimitError} If a chunk claims more than the limits allow.
 * @throws {FormatError} If a chunk is missing, out of place, outside the file,
 * absurdly larger than the dataset, or does not inflate to exactly its size.
 */
export function hdf5Values<Values extends Float64Array | Float32Array>(
  file: Hdf5Cursor,
  dataset: Hdf5Dataset,
  Values: new (length: number) => Values,
): Values {
  const { what, at, shape, chunk } = dataset;
  if (shape.includes(0)) return new Values(0);
  const chunkBytes = product(chunk) * VALUE_BYTES;
  if (chunkBytes > file.limits.arrayBytes) {
    const why = `${what} claims chunks of ${chunkBytes} bytes`;
    throw file.excessive(why, "arrayBytes", at);
  }
  const valueBytes = product(shape) * VALUE_BYTES;
  if (chunkBytes > Math.max(valueBytes, SPARE_CHUNK_BYTES)) {
    const why =
      `${what} has chunks of ${chunkBytes} bytes for its ${valueBytes}`;
    throw file.malformed(why, at);
  }
  const chunks = foundChunks(file, dataset, chunkBytes);
  const values = new Values(product(shape));
  // One buffer for all chunks stays in the processor's cache.
  const unpacked = new Float64Array(product(chunk));
  const target = new Uint8Array(unpacked.buffer);
  for (const { offset, address, stored, isDeflated } of chunks) {
    if (isDeflated) {
      inflateHdf5(stored, target, (why, cause) => {
        const name = `the chunk [${offset}] of ${what}`;
        return file.malformed(`${name} ${why}`, address, cause);
      });
    } else {
      target.set(stored);
    }
    copyChunk(unpacked, values, shape, chunk, offset);
  }
  return values;
}

function foundChunks(
  file: Hdf5Cursor,
  { what, at, shape, chunk, tree: root, isDeflated }: Hdf5Dataset,
  chunkBytes: number,
): Chunk[] {
  const places = chunkOffsets(shape, chunk);
  const keyBytes = 8 + 8 * (shape.length + 1);
  const tree = { what, type: 1, maxEntries: MAX_ENTRIES, keyBytes };
  const chunks: Chunk[] = [];
  let spare = file.file.length;
  const entries = root === undefined
    ? []
    : hdf5TreeEntries(file, { ...tree, root });
  for (const { key, address } of entries) {
    const start = key.position;
    const [size, mask] = [key.u32(), key.u32()];
    const found = [...shape, 1].map(() => key.u64()).join();
    const place = places.next();
    if (place.done || found !== `${place.value},0`) {
      const rule = place.done ? "outside" : `expected [${place.value},0]`;
      throw file.malformed(`${what} has a chunk at [${found}], ${rule}`, start);
    }
    const stored = file.at(address, size).raw(size);
    const isPacked = isDeflated && (mask & 1) === 0;
    spare -= size;
    // Chunks that share bytes could claim more memory than the file can fill.
    const isSound = isPacked
      ? chunkBytes <= MAX_INFLATE_RATIO * size
      : chunkBytes === size;
    if (!isSound || spare < 0) {
      const claim = `${what} has ${size} bytes for a chunk of ${chunkBytes}`;
      throw file.malformed(claim, start);
    }
    if (chunkBytes > file.limits.compressionRatio * size) {
      const why = `${what} has a chunk of ${chunkBytes} bytes in ${size}`;
      throw file.excessive(why, "compressionRatio", start);
    }
    chunks.push({
      offset: place.value,
      address,
      stored,
      isDeflated: isPacked,
    });
  }
  const missing = places.next();
  if (missing.done) return chunks;
  throw file.malformed(`${what} has no chunk at [${missing.value}]`, at);
}

/** Offsets of all chunks, in the order of a tree. */
function* chunkOffsets(
  shape: readonly number[],
  chunk: readonly number[],
): Generator<number[]> {
  const offset = shape.map(() => 0);
  for (let axis = 0; axis >= 0;) {
    yield [...offset];
    for (axis = shape.length - 1; axis >= 0; axis--) {
      const next = (offset[axis] as number) + (chunk[axis] as number);
      const isInside = next < (shape[axis] as number);
      offset[axis] = isInside ? next : 0;
      if (isInside) break;
    }
  }
}

/** Copies the part of a chunk in the dataset, run by run of the last axis. */
function copyChunk(
  source: Float64Array,
  target: Float64Array | Float32Array,
  shape: readonly number[],
  chunk: readonly number[],
  offset: readonly number[],
): void {
  const last = shape.length - 1;
  copyAxis(0, 0, 0);

  function copyAxis(axis: number, from: number, to: number): void {
    const [size, length] = [chunk[axis] as number, shape[axis] as number];
    const begin = offset[axis] as number;
    const inside = Math.min(size, length - begin);
    const first = from * size;
    const start = to * length + begin;
    if (axis === last) {
      return target.set(source.subarray(first, first + inside), start);
    }
    for (let i = 0; i < inside; i++) copyAxis(axis + 1, first + i, start + i);
  }
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}
