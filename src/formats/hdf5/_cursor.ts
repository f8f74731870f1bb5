import {
  type DataErrorPlace,
  FormatError,
  LimitError,
  UnsupportedError,
} from "../../errors.ts";
import { type Limits, limitText } from "../../base/limits.ts";

const DECODER = new TextDecoder("utf-8", { fatal: true });

/** Reads little-endian fields of a part of a file, one after the other. */
export class Hdf5Cursor {
  /** Byte of the file that is read next. */
  position: number;
  readonly #view: DataView;

  constructor(
    readonly file: Uint8Array,
    readonly origin: DataErrorPlace,
    readonly limits: Limits,
    start = 0,
    readonly end = file.length,
  ) {
    this.position = start;
    this.#view = new DataView(file.buffer, file.byteOffset, file.length);
  }

  /** Bytes left in the part. */
  get left(): number {
    return this.end - this.position;
  }

  /** Cursor over another part of the same file, which must lie inside. */
  at(start: number, length: number): Hdf5Cursor {
    const { file, origin, limits } = this;
    const end = start + length;
    if (end <= file.length) {
      return new Hdf5Cursor(file, origin, limits, start, end);
    }
    throw this.malformed(`${length} bytes are missing there`, start);
  }

  u8(): number {
    return this.#view.getUint8(this.#next(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#next(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#next(4), true);
  }

  /** Length, or address that must be defined. */
  u64(): number {
    const value = this.address();
    if (Number.isSafeInteger(value)) return value as number;
    throw this.malformed("a number is beyond every file", this.position - 8);
  }

  /** Address; undefined if all its bits are set. */
  address(): number | undefined {
    const low = this.u32();
    const high = this.u32();
    const isUndefined = low === 0xffffffff && high === low;
    return isUndefined ? undefined : high * 2 ** 32 + low;
  }

  skip(length: number): this {
    this.#next(length);
    return this;
  }

  raw(length: number): Uint8Array {
    return this.file.subarray(this.#next(length), this.position);
  }

  /** Text that ends with a NUL inside the part. */
  text(): string {
    const start = this.position;
    const length = this.file.subarray(start, this.end).indexOf(0);
    if (length < 0) throw this.malformed("a name does not end", start);
    if (length > this.limits.textLength) {
      throw this.excessive(`a name has ${length} bytes`, "textLength", start);
    }
    try {
      return DECODER.decode(this.raw(length));
    } catch (cause) {
      throw this.malformed("a name is not UTF-8", start, cause);
    }
  }

  /** Refuses bytes that are not these letters. */
  signature(letters: string): this {
    const start = this.position;
    const found = String.fromCharCode(...this.raw(letters.length));
    if (found === letters) return this;
    const name = letters.replaceAll(/[^A-Z]/g, "");
    throw this.malformed(`there is no signature ${name}`, start);
  }

  /** Refuses any other version. */
  version(what: string, known: number): this {
    const found = this.u8();
    if (found === known) return this;
    const why = `${what} has version ${found}, expected ${known}`;
    throw this.unsupported(why, this.position - 1);
  }

  /** Error for damaged bytes. */
  malformed(why: string, offset: number, cause?: unknown): FormatError {
    const place = { ...this.origin, offset, cause };
    return new FormatError(`Cannot read HDF5: ${why}`, place);
  }

  /** Error for a claim beyond a limit. */
  excessive(why: string, name: keyof Limits, offset: number): LimitError {
    const rule = limitText(this.limits, name);
    const place = { ...this.origin, offset };
    return new LimitError(`Cannot read HDF5: ${why}: ${rule}`, place);
  }

  /** Error for sound bytes of a kind that is not read. */
  unsupported(why: string, offset: number): UnsupportedError {
    const place = { ...this.origin, offset };
    return new UnsupportedError(`Cannot read HDF5: ${why}`, place);
  }

  #next(length: number): number {
    const start = this.position;
    if (length > this.left) {
      const why = `a field of ${length} bytes has ${this.left} left`;
      throw this.malformed(why, start);
    }
    this.position += length;
    return start;
  }
}
