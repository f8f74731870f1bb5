import { ArchiveError, type DataErrorPlace } from "../../errors.ts";
import type { ReadOptions } from "../../base/abort.ts";
import { DOWNLOAD_AGAIN } from "../archive.ts";
import { InflateError, inflateStream } from "../../platform/zlib.ts";

/** Most unpacked bytes per piece. */
const PIECE = 1 << 18;

/**
 * Unpacks a gzip file piece by piece. Several members in a row are one content;
 * zeros may follow the last.
 *
 * However slow the reader, one packed piece is held beside the one being
 * unpacked, and two unpacked ones.
 *
 * @param stream The file's bytes. It is cancelled when the generator is left.
 * @param place How errors name the file; offsets are bytes of it.
 * @throws {ArchiveError} If it is no gzip file, is cut short, has another
 * length or CRC-32 than it says, or something else follows it.
 */
export async function* gunzippedPieces(
  stream: ReadableStream<Uint8Array>,
  place: DataErrorPlace,
  { signal }: ReadOptions = {},
): AsyncGenerator<Uint8Array> {
  const packed = new PackedBytes(stream, signal);
  const inflated = inflateStream(packed, {
    format: "gzip",
    pieceBytes: PIECE,
    onLeave: () => packed.cancel(),
  });
  const abort = (): void => {
    // The pending or next read of the stream rejects, too: that is enough.
    packed.cancel(signal?.reason).catch(() => {});
  };
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  try {
    for await (const piece of inflated) {
      signal?.throwIfAborted();
      yield piece;
    }
    signal?.throwIfAborted();
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof InflateError)) throw error;
    throw new ArchiveError(
      `Cannot read gzip: ${error.message}${DOWNLOAD_AGAIN}`,
      {
        ...place,
        offset: inflated.consumed,
        cause: error.cause,
      },
    );
  } finally {
    signal?.removeEventListener("abort", abort);
  }
  if (packed.end <= inflated.consumed) return;
  throw new ArchiveError(
    "Cannot read gzip: something that is no gzip member follows its end",
    { ...place, offset: inflated.consumed },
  );
}

/** Pieces of a stream, which can be cancelled while one is awaited. */
class PackedBytes {
  /** Byte behind the last one that is not zero. */
  end = 0;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #signal: AbortSignal | undefined;

  constructor(stream: ReadableStream<Uint8Array>, signal?: AbortSignal) {
    this.#reader = stream.getReader();
    this.#signal = signal;
  }

  cancel(reason?: unknown): Promise<void> {
    return this.#reader.cancel(reason);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (let read = 0;;) {
      const { done, value } = await this.#reader.read();
      this.#signal?.throwIfAborted();
      if (done) return;
      const tail = value.findLastIndex((byte) => byte !== 0);
      if (tail >= 0) this.end = read + tail + 1;
      read += value.length;
      yield value;
    }
  }
}
