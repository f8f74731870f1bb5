import {
  Z_BUF_ERROR,
  Z_NEED_DICT,
  Z_NO_FLUSH,
  Z_OK,
  Z_STREAM_END,
  zlibInflate,
  zlibInflateInit2,
  zlibInflateReset,
  ZStream,
} from "pako";
import { crc32 } from "./_crc32.ts";
import {
  type Inflated,
  InflateError,
  type InflateFormat,
  type InflateOptions,
  type InflateStream,
  type InflateStreamOptions,
  tooLongError,
  type Zlib,
} from "./_inflate.ts";

/** zlib's `windowBits`: they name the frame; 15 bits are the largest window. */
const WINDOW_BITS: Readonly<Record<InflateFormat, number>> = {
  raw: -15,
  zlib: 15,
  gzip: 16 + 15,
};

/** Least block: a byte more than the output shows zlib its end. */
const MIN_BLOCK = 64;

/**
 * Inflates where Node's zlib is missing, in a browser: pako is zlib in
 * JavaScript, and names faults as zlib does.
 *
 * Chromium 156, int16 recordings: pako 100 to 154 MB/s, fflate 0.8.3 130 to 143,
 * `DecompressionStream` 275 to 303, which serves where the call can wait.
 */
export const pakoZlib: Zlib = {
  crc32,
  inflate,
  async inflateRawAsync(packed, maxBytes): Promise<Inflated> {
    return await nativelyInflated(packed, maxBytes) ??
      inflate(packed, { format: "raw", maxBytes });
  },
  inflateStart(packed, bytes): Uint8Array {
    const inflater = new PakoInflater("zlib", bytes);
    const { value } = inflater.push(packed).next();
    return value ?? new Uint8Array(0);
  },
  inflateStream: (packed, options) => new PakoInflateStream(packed, options),
};

function inflate(packed: Uint8Array, options: InflateOptions): Inflated {
  const { format, maxBytes, blockBytes = maxBytes + 1 } = options;
  const length = Math.max(MIN_BLOCK, blockBytes);
  const inflater = new PakoInflater(format, length);
  const most = Math.max(1, maxBytes);
  const blocks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (const block of inflater.push(packed)) {
    size += block.length;
    blocks.push(block);
    if (block.length === length && size > most) throw tooLongError();
  }
  inflater.checkEnd();
  if (size > most) throw tooLongError();
  return { bytes: joined(blocks, size), consumed: inflater.consumed };
}

/**
 * Inflates by the platform's stream; undefined unless exactly `maxBytes` come
 * out of it. Its errors differ from browser to browser and may be missing for
 * bytes that are cut short: pako then says what is wrong.
 */
async function nativelyInflated(
  packed: Uint8Array,
  maxBytes: number,
): Promise<Inflated | undefined> {
  const bytes = new Uint8Array(maxBytes);
  const { readable, writable } = new DecompressionStream("deflate-raw");
  const writer = writable.getWriter();
  const written = Promise.allSettled([
    writer.write(packed as Uint8Array<ArrayBuffer>),
    writer.close(),
  ]);
  let size = 0;
  try {
    for await (const piece of readable) {
      if (size + piece.length > maxBytes) return undefined;
      bytes.set(piece, size);
      size += piece.length;
    }
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  } finally {
    await written;
  }
  return size === maxBytes ? { bytes, consumed: packed.length } : undefined;
}

function joined(
  blocks: readonly Uint8Array<ArrayBuffer>[],
  size: number,
): Uint8Array<ArrayBuffer> {
  const [first] = blocks;
  if (first !== undefined && blocks.length === 1) return first;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const block of blocks) {
    bytes.set(block, at);
    at += block.length;
  }
  return bytes;
}

class PakoInflater {
  /** Packed bytes that belong to the content so far. */
  consumed = 0;
  /** Whether zeros, or anything but gzip, follow the end. */
  isOver = false;
  readonly #stream = new ZStream();
  readonly #isGzip: boolean;
  readonly #blockBytes: number;
  /** Whether a member has ended, after which another may begin. */
  #isAtEnd = false;

  constructor(format: InflateFormat, blockBytes: number) {
    this.#isGzip = format === "gzip";
    this.#blockBytes = blockBytes;
    zlibInflateInit2(this.#stream, WINDOW_BITS[format]);
  }

  /** Inflates packed bytes, block by block. */
  *push(packed: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
    const stream = this.#stream;
    stream.input = packed;
    stream.next_in = 0;
    stream.avail_in = packed.length;
    while (!this.isOver && (stream.avail_in > 0 || stream.avail_out === 0)) {
      if (stream.avail_out === 0) this.#addBlock();
      const [from, left] = [stream.next_out, stream.avail_in];
      if (!this.#isAtEnd) this.#inflate();
      while (this.#startsMember()) this.#inflate();
      this.consumed += left - stream.avail_in;
      const to = stream.next_out;
      if (to > from) yield stream.output.subarray(from, to);
      if (this.#isAtEnd) return;
    }
  }

  /** @throws {InflateError} If the packed bytes were cut short. */
  checkEnd(): void {
    if (this.#isAtEnd || this.isOver) return;
    throw new InflateError("unexpected end of file", false);
  }

  #startsMember(): boolean {
    const stream = this.#stream;
    if (!this.#isAtEnd || stream.avail_in === 0) return false;
    this.isOver = !this.#isGzip || stream.input[stream.next_in] === 0;
    if (this.isOver) return false;
    zlibInflateReset(stream);
    this.#isAtEnd = false;
    return true;
  }

  #addBlock(): void {
    const stream = this.#stream;
    stream.output = new Uint8Array(this.#blockBytes);
    stream.next_out = 0;
    stream.avail_out = this.#blockBytes;
  }

  #inflate(): void {
    const status = zlibInflate(this.#stream, Z_NO_FLUSH);
    this.#isAtEnd = status === Z_STREAM_END;
    if (this.#isAtEnd || status === Z_OK || status === Z_BUF_ERROR) return;
    const reason = status === Z_NEED_DICT
      ? "Missing dictionary"
      : this.#stream.msg;
    throw new InflateError(reason, false);
  }
}

class PakoInflateStream implements InflateStream {
  readonly #inflater: PakoInflater;
  readonly #packed: AsyncIterable<Uint8Array>;
  readonly #options: InflateStreamOptions;

  constructor(
    packed: AsyncIterable<Uint8Array>,
    options: InflateStreamOptions,
  ) {
    this.#inflater = new PakoInflater(options.format, options.pieceBytes);
    this.#packed = packed;
    this.#options = options;
  }

  get consumed(): number {
    return this.#inflater.consumed;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of this.#packed) yield* this.#inflater.push(piece);
      this.#inflater.checkEnd();
    } finally {
      await this.#options.onLeave();
    }
  }
}
