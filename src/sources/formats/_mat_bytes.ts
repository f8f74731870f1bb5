import {
  type DataErrorOptions,
  FormatError,
  LimitError,
  UnsupportedError,
} from "../../errors.ts";

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

  constructor(
    readonly bytes: Uint8Array,
    readonly littleEndian: boolean,
    readonly place: MatPlace,
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
    return new MatBytes(this.bytes.subarray(start, end), this.littleEndian, {
      ...this.place,
      offset: this.place.offset + start,
    });
  }

  /** The same over a copy of its own. */
  copy(): MatBytes {
    // Not bytes.slice(), which on a Buffer is a view.
    return new MatBytes(
      new Uint8Array(this.bytes),
      this.littleEndian,
      this.place,
    );
  }

  /** The error of damaged bytes. */
  malformed(why: string, position: number, cause?: unknown): FormatError {
    return new FormatError(...this.#described(why, position, cause));
  }

  /** The error of absurd bytes. */
  excessive(why: string, position: number): LimitError {
    return new LimitError(...this.#described(why, position));
  }

  /** The error of bytes that mean something that is not read here. */
  unsupported(why: string, position: number): UnsupportedError {
    return new UnsupportedError(...this.#described(why, position));
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
