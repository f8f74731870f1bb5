import type { Gunzip, ZlibOptions } from "node:zlib";
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

type NodeZlib = typeof import("node:zlib");

/** Result of `info: true`, which Node's types leave out. */
interface InflateInfo {
  readonly buffer: Uint8Array<ArrayBuffer>;
  readonly engine: { readonly bytesWritten: number };
}

type InflateWithInfo = (
  packed: Uint8Array,
  options: ZlibOptions & { readonly info: true },
) => InflateInfo;

/** Least block that zlib accepts. */
const MIN_BLOCK = 64;

/** Packed bytes that hold the start of most variables of a MATLAB file. */
const FIRST_TRY = 1024;

/** Packed bytes to try when those inflate to too much. */
const SHORT_TRY = 64;

/** Bytes that a start may have beyond those asked for. */
const START_SPARE = 1 << 16;

/** Inflates by Node's zlib, which Deno has built in. */
export function nodeZlib(zlib: NodeZlib): Zlib {
  const inflaters: Readonly<Record<InflateFormat, unknown>> = {
    raw: zlib.inflateRawSync,
    zlib: zlib.inflateSync,
    gzip: zlib.gunzipSync,
  };
  const makers = {
    raw: zlib.createInflateRaw,
    zlib: zlib.createInflate,
    gzip: zlib.createGunzip,
  };

  function inflate(packed: Uint8Array, options: InflateOptions): Inflated {
    const { format, maxBytes, blockBytes = maxBytes + 1 } = options;
    const withInfo = inflaters[format] as InflateWithInfo;
    try {
      const { buffer, engine } = withInfo(packed, {
        info: true,
        chunkSize: Math.max(MIN_BLOCK, blockBytes),
        maxOutputLength: Math.max(1, maxBytes),
      });
      return { bytes: plainBytes(buffer), consumed: engine.bytesWritten };
    } catch (error) {
      throw inflateError(error);
    }
  }

  return {
    crc32: (bytes, before = 0) => zlib.crc32(bytes, before),
    inflate,
    inflateRawAsync: (packed, maxBytes) =>
      Promise.try(() => inflate(packed, { format: "raw", maxBytes })),
    inflateStart: (packed, bytes) => inflateStart(zlib, packed, bytes),
    inflateStream: (packed, options) =>
      new NodeInflateStream(
        makers[options.format]({ chunkSize: options.pieceBytes }),
        packed,
        options,
      ),
  };
}

/** Tries prefixes of `packed`, since Node cannot stop at a length of output. */
function inflateStart(
  zlib: NodeZlib,
  packed: Uint8Array,
  bytes: number,
): Uint8Array {
  const options = {
    finishFlush: zlib.constants.Z_SYNC_FLUSH,
    maxOutputLength: bytes + START_SPARE,
  };
  let [tooShort, tooLong] = [0, packed.length + 1];
  let length = Math.min(FIRST_TRY, packed.length);
  for (;;) {
    try {
      const start = zlib.inflateSync(packed.subarray(0, length), options);
      if (start.length >= bytes || length === packed.length) return start;
      tooShort = length;
    } catch (error) {
      const fault = inflateError(error);
      if (!(fault instanceof InflateError && fault.isTooLong)) throw fault;
      tooLong = length;
    }
    // The spare is more than a short prefix inflates to, at 1032 bytes for one.
    if (tooLong > packed.length) length = Math.min(4 * length, packed.length);
    else if (tooShort === 0 && tooLong > SHORT_TRY) length = SHORT_TRY;
    else length = Math.floor((tooShort + tooLong) / 2);
  }
}

class NodeInflateStream implements InflateStream {
  readonly #inflater: Gunzip;
  readonly #packed: AsyncIterable<Uint8Array>;
  readonly #options: InflateStreamOptions;
  readonly #closed = Promise.withResolvers<void>();
  #isLeft = false;
  #fault?: { readonly error: unknown };

  constructor(
    inflater: Gunzip,
    packed: AsyncIterable<Uint8Array>,
    options: InflateStreamOptions,
  ) {
    this.#inflater = inflater;
    this.#packed = packed;
    this.#options = options;
    inflater.once("close", () => this.#closed.resolve());
  }

  get consumed(): number {
    return this.#inflater.bytesWritten;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const feeding = this.#feed();
    try {
      for await (const piece of this.#inflater) yield plainBytes(piece);
      await feeding;
      if (this.#fault) throw this.#fault.error;
    } catch (error) {
      throw this.#fault ? this.#fault.error : inflateError(error);
    } finally {
      this.#isLeft = true;
      this.#inflater.destroy();
      await Promise.allSettled([this.#options.onLeave(), feeding]);
    }
  }

  async #feed(): Promise<void> {
    const inflater = this.#inflater;
    try {
      for await (const piece of this.#packed) {
        if (this.#isLeft) return;
        // Zeros end the content of gzip: the inflater takes no more.
        const isOver = inflater.readableEnded || inflater.destroyed;
        if (!isOver && !inflater.write(piece)) await this.#drained();
      }
      if (!inflater.destroyed) inflater.end();
    } catch (error) {
      this.#fault = { error };
      inflater.destroy(error as Error);
    }
  }

  #drained(): Promise<void> {
    const drained = new Promise<void>((resolve) => {
      this.#inflater.once("drain", resolve);
    });
    return Promise.race([drained, this.#closed.promise]);
  }
}

/** The same bytes in their own class: a `Buffer`'s `slice()` shares memory. */
function plainBytes(
  { buffer, byteOffset, length }: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer, byteOffset, length);
}

function inflateError(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  const code = String(error.code);
  if (code === "ERR_BUFFER_TOO_LARGE") return tooLongError(error);
  if (!code.startsWith("Z_")) return error;
  return new InflateError(error.message, false, error);
}
