import { createGunzip, type Gunzip } from "node:zlib";
import { ArchiveError, type DataErrorPlace } from "../../errors.ts";
import type { ReadOptions } from "../../base/abort.ts";

/** Most unpacked bytes per piece. */
const PIECE = 1 << 18;

/**
 * What a gzip file unpacks to, piece by piece. Several members in a row are one
 * content; zeros may follow the last.
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
  const reader = stream.getReader();
  const inflater = createGunzip({ chunkSize: PIECE });
  const packed = new PackedBytes(reader, inflater);
  const abort = (): void => {
    // Its rejection is that of the pending or next read, which feed() meets.
    packed.stop(signal?.reason).catch(() => {});
  };
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  const feeding = packed.feed();
  try {
    for await (const piece of inflater) {
      signal?.throwIfAborted();
      // Of its own class and without Buffer's own slice().
      yield new Uint8Array(piece.buffer, piece.byteOffset, piece.length);
    }
    await feeding;
    signal?.throwIfAborted();
    if (packed.fault === undefined) packed.checkEnd(place);
    else throw packed.fault.error;
  } catch (error) {
    signal?.throwIfAborted();
    throw packed.fault?.error ?? gzipError(error, inflater, place);
  } finally {
    signal?.removeEventListener("abort", abort);
    await Promise.allSettled([packed.stop(), feeding]);
  }
}

/** Feeds an inflater as it asks for more. */
class PackedBytes {
  /** What the stream failed with. */
  fault?: { readonly error: unknown };
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #inflater: Gunzip;
  readonly #left = Promise.withResolvers<void>();
  #isStopped = false;
  /** Byte behind the last one that is not zero. */
  #end = 0;

  constructor(
    reader: ReadableStreamDefaultReader<Uint8Array>,
    inflater: Gunzip,
  ) {
    this.#reader = reader;
    this.#inflater = inflater;
    inflater.once("close", () => this.#left.resolve());
  }

  /** Ends when all was read, the stream has failed, or nobody waits. */
  async feed(): Promise<void> {
    const inflater = this.#inflater;
    try {
      for (let fed = 0;;) {
        const { done, value } = await this.#reader.read();
        if (this.#isStopped) break;
        if (done) return void inflater.end();
        const tail = value.findLastIndex((byte) => byte !== 0);
        if (tail >= 0) this.#end = fed + tail + 1;
        fed += value.length;
        // What follows zeros is no longer asked for, only looked at.
        const isOver = inflater.readableEnded || inflater.destroyed;
        if (!isOver && !inflater.write(value)) await this.#drained();
      }
      await this.#reader.cancel();
    } catch (error) {
      this.fault = { error };
      inflater.destroy(error as Error);
    }
  }

  /** Lets go of the stream, even while a read of it is pending. */
  stop(reason?: unknown): Promise<void> {
    this.#isStopped = true;
    this.#inflater.destroy();
    return this.#reader.cancel(reason);
  }

  /** Refuses bytes behind the last member. */
  checkEnd(place: DataErrorPlace): void {
    const offset = this.#inflater.bytesWritten;
    if (this.#end <= offset) return;
    throw new ArchiveError(
      "Cannot read gzip: something that is no gzip member follows its end",
      { ...place, offset },
    );
  }

  #drained(): Promise<void> {
    const drained = new Promise<void>((resolve) => {
      this.#inflater.once("drain", resolve);
    });
    return Promise.race([drained, this.#left.promise]);
  }
}

function gzipError(
  error: unknown,
  { bytesWritten }: Gunzip,
  place: DataErrorPlace,
): unknown {
  if (error instanceof ArchiveError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new ArchiveError(`Cannot read gzip: ${reason}`, {
    ...place,
    offset: bytesWritten,
    cause: error,
  });
}
