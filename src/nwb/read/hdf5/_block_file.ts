import type { RandomFile } from "./file_node.ts";

/** Bytes of a block. */
const BLOCK_BYTES = 1 << 16;
/** Most blocks that are held, 32 MiB. */
const HELD = 512;
/** Bytes of a read that is one of data: it would push out all else. */
const LARGE_BYTES = 1 << 20;
/** Most bytes that are fetched ahead of a read. */
const AHEAD_BYTES = 1 << 21;

/** Fetches bytes, and waits for them. */
export type FetchSync = (offset: number, length: number) => Uint8Array;

/**
 * File that is read in blocks, which are held, least recently used out first.
 *
 * The blocks that a read lacks are fetched in runs. A run that follows the one
 * before it is twice as long, so that chunks in a row take few requests.
 */
export class BlockFile implements RandomFile {
  readonly #size: number;
  readonly #fetch: FetchSync;
  /** Blocks by number, least recently used first. */
  readonly #blocks = new Map<number, Uint8Array>();
  #position = 0;
  /** Last run of blocks that was fetched. */
  #run = { end: -1, length: 0 };

  constructor(size: number, fetch: FetchSync) {
    this.#size = size;
    this.#fetch = fetch;
  }

  seekSync(offset: number): void {
    this.#position = offset;
  }

  readSync(into: Uint8Array): number | null {
    const start = this.#position;
    const end = Math.min(start + into.length, this.#size);
    if (end <= start) return null;
    if (end - start >= LARGE_BYTES) into.set(this.#fetch(start, end - start));
    else this.#readBlocks(into, start, end);
    this.#position = end;
    return end - start;
  }

  writeSync(): number {
    throw new TypeError("Cannot write: the file is open for reading");
  }

  truncateSync(): void {
    this.writeSync();
  }

  #readBlocks(into: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end;) {
      const number = Math.floor(at / BLOCK_BYTES);
      const block = this.#held(number) ?? this.#fetched(number, end);
      const from = at - number * BLOCK_BYTES;
      const piece = block.subarray(from, from + end - at);
      into.set(piece, at - start);
      at += piece.length;
    }
  }

  #held(number: number): Uint8Array | undefined {
    const block = this.#blocks.get(number);
    if (block === undefined) return undefined;
    this.#blocks.delete(number);
    this.#blocks.set(number, block);
    return block;
  }

  /** Fetches a block, and those behind it that the read lacks or the next may. */
  #fetched(number: number, end: number): Uint8Array {
    const wanted = Math.ceil(end / BLOCK_BYTES) - number;
    const ahead = number === this.#run.end
      ? Math.min(2 * this.#run.length, AHEAD_BYTES / BLOCK_BYTES)
      : 0;
    const most = Math.min(
      Math.max(wanted, ahead),
      Math.ceil(this.#size / BLOCK_BYTES) - number,
    );
    let length = 1;
    while (length < most && !this.#blocks.has(number + length)) length++;
    this.#run = { end: number + length, length };
    const start = number * BLOCK_BYTES;
    const stop = Math.min(start + length * BLOCK_BYTES, this.#size);
    const bytes = this.#fetch(start, stop - start);
    for (let at = length - 1; at >= 0; at--) {
      // A copy: a view would keep the whole run in memory.
      const from = at * BLOCK_BYTES;
      this.#blocks.set(number + at, bytes.slice(from, from + BLOCK_BYTES));
    }
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= HELD) break;
      this.#blocks.delete(oldest);
    }
    return this.#blocks.get(number) as Uint8Array;
  }
}
