import { ArchiveError } from "../../errors.ts";

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
