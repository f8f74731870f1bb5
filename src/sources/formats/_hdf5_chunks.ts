import type { Hdf5Cursor } from "./_hdf5_cursor.ts";
import type { Hdf5Dataset } from "./_hdf5_dataset.ts";
import { hdf5Inflated } from "./_hdf5_inflate.ts";
import { hdf5TreeEntries } from "./_hdf5_tree.ts";

const VALUE_BYTES = 8;
/** Trees of chunks have K 32 where the superblock is version 0. */
const MAX_ENTRIES = 64;
// zlib's own bound: 258 bytes out of two bits.
const MAX_RATIO = 1032;
// A hundred times the largest dataset that a session of hours makes.
const MAX_BYTES = 2 ** 31;

interface Chunk {
  /** First element per axis. */
  readonly offset: readonly number[];
  /** Byte of the file where it begins. */
  readonly address: number;
  readonly stored: Uint8Array;
  readonly isDeflated: boolean;
}

/**
 * Reads the values of a dataset, in C order.
 *
 * Memory is reserved once every chunk was found: no more than zlib can unpack
 * of this file.
 *
 * @throws {LimitError} If the dataset or a chunk claims more than 2 GiB.
 * @throws {FormatError} If a chunk is missing, out of place, outside the file,
 * or does not inflate to exactly its size.
 */
export function hdf5Values(
  file: Hdf5Cursor,
  dataset: Hdf5Dataset,
): Float64Array {
  const { what, at, shape, chunk } = dataset;
  if (shape.includes(0)) return new Float64Array(0);
  const chunkBytes = product(chunk) * VALUE_BYTES;
  const claim = Math.max(chunkBytes, product(shape) * VALUE_BYTES);
  if (claim > MAX_BYTES) {
    const why = `${what} claims ${claim} bytes, at most ${MAX_BYTES} are read`;
    throw file.excessive(why, at);
  }
  const chunks = foundChunks(file, dataset, chunkBytes);
  const values = new Float64Array(product(shape));
  const target = new Uint8Array(values.buffer);
  for (const { offset, address, stored, isDeflated } of chunks) {
    const bytes = isDeflated
      ? hdf5Inflated(stored, chunkBytes, (why, cause) => {
        const name = `the chunk [${offset}] of ${what}`;
        return file.malformed(`${name} ${why}`, address, cause);
      })
      : stored;
    copyChunk(bytes, target, shape, chunk, offset);
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
    // Chunks that share bytes could claim more memory than the file is worth.
    const isSound = isPacked
      ? chunkBytes <= MAX_RATIO * size
      : chunkBytes === size;
    if (!isSound || spare < 0) {
      const claim = `${what} has ${size} bytes for a chunk of ${chunkBytes}`;
      throw file.malformed(claim, start);
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

/** Where chunks begin, in the order in which a tree has them. */
function* chunkOffsets(
  shape: readonly number[],
  chunk: readonly number[],
): Generator<number[]> {
  const offset = shape.map(() => 0);
  for (let axis = 0; axis >= 0;) {
    yield [...offset];
    axis = shape.length - 1;
    while (axis >= 0 && (offset[axis] += chunk[axis]) >= shape[axis]) {
      offset[axis--] = 0;
    }
  }
}

/** Copies what of a chunk lies in the dataset, run by run of the last axis. */
function copyChunk(
  source: Uint8Array,
  target: Uint8Array,
  shape: readonly number[],
  chunk: readonly number[],
  offset: readonly number[],
): void {
  const last = shape.length - 1;
  copyAxis(0, 0, 0);

  function copyAxis(axis: number, from: number, to: number): void {
    const inside = Math.min(chunk[axis], shape[axis] - offset[axis]);
    const first = from * chunk[axis];
    const start = to * shape[axis] + offset[axis];
    if (axis === last) {
      const end = VALUE_BYTES * (first + inside);
      const run = source.subarray(VALUE_BYTES * first, end);
      return target.set(run, VALUE_BYTES * start);
    }
    for (let i = 0; i < inside; i++) copyAxis(axis + 1, first + i, start + i);
  }
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}
