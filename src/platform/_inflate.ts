/** How packed bytes are framed: deflate alone, in zlib's frame or in gzip's. */
export type InflateFormat = "raw" | "zlib" | "gzip";

/** Options of {@linkcode Zlib.inflate}. */
export interface InflateOptions {
  readonly format: InflateFormat;
  /** Bytes that the output may have at most. */
  readonly maxBytes: number;
  /**
   * Bytes of the buffer that the output is written to; longer output is put
   * together from several.
   *
   * @default one more than `maxBytes`: zlib then sees the end in one pass
   */
  readonly blockBytes?: number;
}

/** Outcome of {@linkcode Zlib.inflate}. */
export interface Inflated {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Packed bytes up to the end of the content; others may follow it. */
  readonly consumed: number;
}

/** Options of {@linkcode Zlib.inflateStream}. */
export interface InflateStreamOptions {
  readonly format: InflateFormat;
  /** Most unpacked bytes per piece. */
  readonly pieceBytes: number;
  /** Called at the end in whatever way, so that a pending read settles. */
  readonly onLeave: () => void | Promise<void>;
}

/** Unpacked pieces, and how far the packed bytes were consumed. */
export interface InflateStream extends AsyncIterable<Uint8Array> {
  /** Packed bytes that belong to the content so far. */
  readonly consumed: number;
}

/** Packed bytes that cannot be inflated. */
export class InflateError extends Error {
  /** Whether the output is longer than allowed, else the bytes are damaged. */
  readonly isTooLong: boolean;

  constructor(reason: string, isTooLong: boolean, cause?: unknown) {
    super(reason, { cause });
    this.name = "InflateError";
    this.isTooLong = isTooLong;
  }
}

/** Error of output that is longer than allowed. */
export function tooLongError(cause?: unknown): InflateError {
  return new InflateError("more bytes than allowed", true, cause);
}

/** CRC-32 and inflate as one platform offers them. */
export interface Zlib {
  /** CRC-32 of bytes, continued from that of the bytes before them. */
  crc32(bytes: Uint8Array, before?: number): number;
  /**
   * Inflates packed bytes.
   *
   * @throws {InflateError} If they are damaged, cut short, or inflate to more
   * than allowed.
   */
  inflate(packed: Uint8Array, options: InflateOptions): Inflated;
  /** As `inflate` of raw bytes, by a faster way if a promise allows one. */
  inflateRawAsync(packed: Uint8Array, maxBytes: number): Promise<Inflated>;
  /**
   * Inflates the start of what is in zlib's frame: at least `bytes` or all of
   * it, at most 64 KiB more.
   *
   * @throws {InflateError} If that part is damaged.
   */
  inflateStart(packed: Uint8Array, bytes: number): Uint8Array;
  /**
   * Inflates pieces as they arrive. However slow the reader, one packed piece is
   * held beside the one being unpacked, and two unpacked ones. gzip members in a
   * row are one content, zeros may follow the last; `packed` is read to its end.
   *
   * Iterating throws an {@linkcode InflateError} if the bytes are damaged or cut
   * short; an error of `packed` comes out unchanged.
   */
  inflateStream(
    packed: AsyncIterable<Uint8Array>,
    options: InflateStreamOptions,
  ): InflateStream;
}
