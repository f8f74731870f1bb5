import { SharedLoad } from "../../base/shared_load.ts";
import type { SourceReadOptions } from "./byte_source.ts";
import { type Stretch, Stretches, type Window } from "./stretches.ts";

/** Fetches bytes into a new buffer. */
export type Fetcher = (
  offset: number,
  length: number,
  signal: AbortSignal,
) => Promise<Uint8Array>;

/** Limits of a {@linkcode BlockCache}. */
export interface BlockLimits {
  /**
   * Most bytes that one request fetches ahead of the read.
   *
   * @default {16_777_216}
   */
  readonly windowBytes?: number;
  /**
   * Most bytes held, pending ones included.
   *
   * @default {100_663_296}
   */
  readonly heldBytes?: number;
}

interface Block extends Window {
  parts: Window["parts"];
  readonly load: SharedLoad<Uint8Array>;
  /** Reads that wait for the block. */
  readers: number;
}

/** Bytes of the first request of a run whose reach is known. */
const FIRST_OF_RUN = 1 << 19;

/**
 * Turns many small reads into few requests, and holds the bytes of these until
 * they are read.
 *
 * For announced reads ({@linkcode BlockCache.expect}), a request fetches neighbours
 * up to a window of bytes. If only the end of a run of reads is known (`reach`), it
 * fetches 512 KiB, then twice as much each time. Otherwise it fetches just the
 * bytes of the read. Waiting reads share a request, which is aborted when the last
 * of them leaves.
 *
 * A block is dropped when all announced reads of it are done, otherwise least
 * recently used first; bytes dropped unread are fetched again on demand. A single
 * read beyond the limits is fetched all the same.
 */
export class BlockCache {
  readonly #fetcher: Fetcher;
  readonly #windowBytes: number;
  readonly #heldBytes: number;
  readonly #stretches = new Stretches();
  /** Least recently used first. */
  readonly #blocks: Block[] = [];
  /** Length of the latest request of each run, by its reach. */
  readonly #runs = new Map<number, number>();

  constructor(fetcher: Fetcher, limits: BlockLimits = {}) {
    const { windowBytes = 16 << 20, heldBytes = 96 << 20 } = limits;
    this.#fetcher = fetcher;
    this.#windowBytes = windowBytes;
    this.#heldBytes = heldBytes;
  }

  /** Bytes of all blocks, pending ones included. */
  get bytes(): number {
    return lengthOf(this.#blocks);
  }

  /** Announces reads that will come at about the same time. */
  expect(stretches: readonly Stretch[]): void {
    this.#stretches.add(
      stretches.filter(({ offset }) => this.#blockAt(offset) === undefined),
    );
  }

  /** Adds bytes that are in memory already, for a number of reads. */
  hold(offset: number, bytes: Uint8Array, reads: number): void {
    const window = windowOf(offset, offset + bytes.length, reads);
    this.#add(window, () => Promise.resolve(bytes));
  }

  /** Reads exactly these bytes into a new buffer. */
  async read(
    offset: number,
    length: number,
    { signal, reach }: SourceReadOptions = {},
  ): Promise<Uint8Array> {
    signal?.throwIfAborted();
    const end = offset + length;
    const bytes = new Uint8Array(length);
    for (let at = offset; at < end;) {
      const block = this.#blockAt(at) ?? this.#fetched(at, end, reach);
      const held = await this.#loaded(block, signal);
      const stop = Math.min(end, block.end);
      bytes.set(
        held.subarray(at - block.start, stop - block.start),
        at - offset,
      );
      this.#wasRead(block, at, stop);
      at = stop;
    }
    return bytes;
  }

  #blockAt(at: number): Block | undefined {
    return this.#blocks.find(({ start, end }) => start <= at && at < end);
  }

  #fetched(at: number, end: number, reach?: number): Block {
    const inUse = lengthOf(this.#blocks.filter(({ readers }) => readers > 0));
    const isRoom = inUse + this.#windowBytes <= this.#heldBytes;
    const most = isRoom ? this.#windowBytes : 0;
    const window = this.#stretches.take(at, end, most) ??
      this.#nextOfRun(at, end, most, reach);
    const { start } = window;
    const load = this.#fetcher;
    return this.#add(
      window,
      (signal) => load(start, window.end - start, signal),
    );
  }

  #nextOfRun(at: number, end: number, most: number, reach = end): Window {
    const before = this.#runs.get(reach) ?? 0;
    const ahead = Math.min(Math.max(2 * before, FIRST_OF_RUN), most);
    const far = Math.min(at + ahead, reach);
    const window = windowOf(at, Math.max(end, far));
    if (window.end < reach) this.#runs.set(reach, window.end - at);
    else this.#runs.delete(reach);
    return window;
  }

  #add(
    window: Window,
    load: (signal: AbortSignal) => Promise<Uint8Array>,
  ): Block {
    this.#makeRoom(window.end - window.start);
    const block = { ...window, load: new SharedLoad(load), readers: 0 };
    this.#blocks.push(block);
    return block;
  }

  #makeRoom(length: number): void {
    for (const block of this.#blocks.filter(({ readers }) => readers === 0)) {
      if (this.bytes + length <= this.#heldBytes) return;
      this.#drop(block);
    }
  }

  async #loaded(block: Block, signal?: AbortSignal): Promise<Uint8Array> {
    block.readers++;
    try {
      return await block.load.get(signal);
    } finally {
      block.readers--;
    }
  }

  #wasRead(block: Block, start: number, end: number): void {
    for (const part of block.parts) {
      if (start < part.end && end >= part.done) part.reads--;
    }
    block.parts = block.parts.filter(({ reads }) => reads > 0);
    const isHeld = this.#drop(block);
    if (isHeld && block.parts.length > 0) this.#blocks.push(block);
  }

  #drop(block: Block): boolean {
    const at = this.#blocks.indexOf(block);
    if (at >= 0) this.#blocks.splice(at, 1);
    return at >= 0;
  }
}

function windowOf(start: number, end: number, reads: number = 1): Window {
  return { start, end, parts: [{ start, end, done: end, reads, group: 0 }] };
}

function lengthOf(blocks: readonly Window[]): number {
  return blocks.reduce((sum, { start, end }) => sum + end - start, 0);
}
