import { ArchiveError, LimitError } from "../../errors.ts";
import type { ReadOptions } from "../../base/abort.ts";
import { type Limits, limitText } from "../../base/limits.ts";
import type { ByteSource } from "../bytes/byte_source.ts";

/** Bytes of a zip, with errors that know their place. */
export class ZipView {
  readonly bytes: Uint8Array;
  /** Byte of the zip where they start. */
  readonly start: number;
  /** Name of the zip in errors. */
  readonly archive: string;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, start: number, archive: string) {
    this.bytes = bytes;
    this.start = start;
    this.archive = archive;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get length(): number {
    return this.bytes.length;
  }

  u16(at: number): number {
    return this.#view.getUint16(at, true);
  }

  u32(at: number): number {
    return this.#view.getUint32(at, true);
  }

  /** @throws {ArchiveError} If the number is beyond 2^53 - 1. */
  u64(at: number): number {
    const value = this.u32(at) + this.u32(at + 4) * 2 ** 32;
    if (Number.isSafeInteger(value)) return value;
    throw this.fault("a number is beyond every file", at);
  }

  /** Whether a record starts at a byte, which may lie outside. */
  isSignature(signature: number, at: number): boolean {
    return at >= 0 && at + 4 <= this.length && this.u32(at) === signature;
  }

  /** Error for the bytes at a place. */
  fault(reason: string, at: number, cause?: unknown): ArchiveError {
    return new ArchiveError(`Cannot open zip: ${reason}`, {
      archive: this.archive,
      offset: this.start + at,
      cause,
    });
  }
}

/** A sound zip needs six; a misleading directory could ask for many. */
const MAX_READS = 256;

/**
 * Reads the directory of a zip. It keeps the first block, the end of the file, so
 * that a small zip takes one read of the source and any other two.
 */
export class TailReader {
  /** Length of the file. */
  readonly size: number;
  readonly #source: ByteSource;
  readonly #limits: Limits;
  readonly #options: ReadOptions;
  #tail?: ZipView;
  #reads = 0;

  constructor(source: ByteSource, limits: Limits, options: ReadOptions) {
    this.size = source.size;
    this.#source = source;
    this.#limits = limits;
    this.#options = options;
  }

  /**
   * Reads bytes of the file; returns a view of them if they are kept.
   *
   * @throws {LimitError} If they are more than a directory may have.
   * @throws {ArchiveError} If they are missing, or the reads are too many.
   */
  async read(offset: number, length: number): Promise<ZipView> {
    const kept = this.#kept(offset, length);
    if (kept !== undefined) return kept;
    this.#reads++;
    const archive = this.#source.name;
    if (length > this.#limits.directoryBytes) {
      throw new LimitError(
        `Cannot open zip: its directory claims ${length} bytes: ` +
          limitText(this.#limits, "directoryBytes"),
        { archive, offset },
      );
    }
    if (this.#reads > MAX_READS) {
      throw new ArchiveError(
        `Cannot open zip: its directory is not found in ${MAX_READS} reads`,
        { archive, offset },
      );
    }
    const bytes = await this.#source.read(offset, length, this.#options);
    const view = new ZipView(bytes, offset, archive);
    this.#tail ??= view;
    return view;
  }

  /** Whether a record starts at a byte of the file. */
  async isSignature(signature: number, offset: number): Promise<boolean> {
    if (offset < 0 || offset + 4 > this.size) return false;
    const view = await this.read(offset, 4);
    return view.u32(0) === signature;
  }

  #kept(offset: number, length: number): ZipView | undefined {
    if (this.#tail === undefined) return undefined;
    const { bytes, start, archive } = this.#tail;
    const at = offset - start;
    if (at < 0 || at + length > bytes.length) return undefined;
    return new ZipView(bytes.subarray(at, at + length), offset, archive);
  }
}
