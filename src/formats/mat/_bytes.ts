import {
  type DataErrorOptions,
  FormatError,
  LimitError,
  UnsupportedError,
} from "../../errors.ts";
import { type Limits, limitText } from "../../base/limits.ts";

/** What the errors of a file name. */
export interface MatOrigin {
  /** Path or address of the archive. */
  readonly archive?: string;
  /** Path of the file inside the archive. */
  readonly member?: string;
}

/** Where bytes lie in their file. */
export interface MatPlace extends MatOrigin {
  /** Byte of the file at which they begin. */
  readonly offset: number;
  /** Whether they were inflated: then `offset` is the variable's tag. */
  readonly inflated?: boolean;
}

/** Bytes of one file in one byte order, with errors that know their place. */
export class MatBytes {
  readonly #view: DataView;
  #arrays = 0;

  constructor(
    readonly bytes: Uint8Array,
    readonly littleEndian: boolean,
    readonly place: MatPlace,
    readonly limits: Limits,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  int32(position: number): number {
    return this.#view.getInt32(position, this.littleEndian);
  }

  uint32(position: number): number {
    return this.#view.getUint32(position, this.littleEndian);
  }

  /** Part of the same bytes, without a copy. */
  part(start: number, end: number): MatBytes {
    const place = { ...this.place, offset: this.place.offset + start };
    return this.#with(this.bytes.subarray(start, end), place);
  }

  /** The same over a copy of its own. */
  copy(): MatBytes {
    // Not bytes.slice(), which on a Buffer is a view.
    return this.#with(new Uint8Array(this.bytes), this.place);
  }

  /** The same over what they inflate to. */
  inflated(bytes: Uint8Array): MatBytes {
    return this.#with(bytes, { ...this.place, inflated: true });
  }

  /**
   * Counts arrays that are to be decoded of these bytes.
   *
   * @throws {LimitError} If they are too many.
   */
  countArrays(count: number, position: number): void {
    this.#arrays += count;
    if (this.#arrays <= this.limits.arrays) return;
    const why = `a variable holds ${this.#arrays} arrays at least`;
    throw this.excessive(why, "arrays", position);
  }

  /** @throws {LimitError} If there is one variable more than the limits allow. */
  checkVariables(known: number, position: number): void {
    if (known < this.limits.members) return;
    throw this.excessive("it has more variables", "members", position);
  }

  /** The error of damaged bytes. */
  malformed(why: string, position: number, cause?: unknown): FormatError {
    return new FormatError(...this.#described(why, position, cause));
  }

  /** The error of a claim beyond a limit. */
  excessive(why: string, name: keyof Limits, position: number): LimitError {
    const text = `${why}: ${limitText(this.limits, name)}`;
    return new LimitError(...this.#described(text, position));
  }

  /** The error of bytes that mean something that is not read here. */
  unsupported(why: string, position: number): UnsupportedError {
    return new UnsupportedError(...this.#described(why, position));
  }

  #with(bytes: Uint8Array, place: MatPlace): MatBytes {
    return new MatBytes(bytes, this.littleEndian, place, this.limits);
  }

  #described(
    why: string,
    position: number,
    cause?: unknown,
  ): [string, DataErrorOptions] {
    const { archive, member, offset, inflated } = this.place;
    const message = `Cannot read MAT file: ${why}`;
    if (!inflated) {
      return [message, { archive, member, offset: offset + position, cause }];
    }
    return [
      `${message}, at byte ${position} of what the variable inflates to`,
      { archive, member, offset, cause },
    ];
  }
}
