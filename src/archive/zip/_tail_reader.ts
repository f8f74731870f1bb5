import { ArchiveError, LimitError } from "../../errors.ts";
import type { ReadOptions } from "../../base/abort.ts";
import { type Limits, limitText } from "../../base/limits.ts";
import type { ByteSource } from "../bytes/byte_source.ts";

/** Some bytes of a zip, of which errors tell the place. */
export class ZipView {
  readonly bytes: Uint8Array;
  /** Byte of the zip where they start. */
  readonly start: number;
  /** How errors name the zip. */
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

  /** Whether a record starts there, which may be outside. */
  isSignature(signature: number, at: number): boolean {
    return at >= 0 && at + 4 <= this.length && this.u32(at) === signature;
  }

  /** The error of what stands at a byte of it. */
  fault(reason: string, at: number, cause?: unknown): ArchiveError {
    return new ArchiveError(`Cannot open zip: ${reason}`, {
      archive: this.archive,
      offset: this.start + at,
      cause,
    });
  }
}

/** A sound zip takes six: more are made by a directory that misleads. */
const MAX_READS = 256;

/**
 * What a directory is read through. It keeps the first block read, the end of
 * the file: a small zip takes one read of the source, any other two.
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
   * Bytes of the file, of those kept a view.
   *
   * @throws {LimitError} If they are more than a directory may have.
   * @throws {ArchiveError} If they are not there, or were sought too often.
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

  /** Whether a record starts there. */
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
