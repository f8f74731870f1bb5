import {
  type DataErrorOptions,
  FormatError,
  LimitError,
  UnsupportedError,
} from "../../errors.ts";
import { type Limits, limitText } from "../../base/limits.ts";

/** Place of a file, as errors name it. */
export interface MatOrigin {
  /** Path or address of the archive. */
  readonly archive?: string | undefined;
  /** Path of the file inside the archive. */
  readonly member?: string | undefined;
}

/** Place of bytes in their file. */
export interface MatPlace extends MatOrigin {
  /** Byte of the file at which they begin. */
  readonly offset: number;
  /** Whether they were inflated: `offset` is then the variable's tag. */
  readonly inflated?: boolean;
}

/** Sums over everything that is decoded of one file. */
interface MatClaims {
  arrays: number;
  emptyElements: number;
  arrayBytes: number;
}

/** Bytes of one file in one byte order, with errors that know their place. */
export class MatBytes {
  readonly #view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    readonly littleEndian: boolean,
    readonly place: MatPlace,
    readonly limits: Limits,
    readonly claims: MatClaims = { arrays: 0, emptyElements: 0, arrayBytes: 0 },
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

  /** Inflated bytes in the place of these. */
  inflated(bytes: Uint8Array): MatBytes {
    return this.#with(bytes, { ...this.place, inflated: true });
  }

  /**
   * Counts arrays that are about to be decoded.
   *
   * @throws {LimitError} If the file has too many.
   */
  countArrays(count: number, position: number): void {
    const total = this.claims.arrays += count;
    if (total <= this.limits.arrays) return;
    throw this.excessive(`it holds ${total} arrays`, "arrays", position);
  }

  /**
   * Counts elements that take no byte of the file.
   *
   * @throws {LimitError} If the file has too many.
   */
  countEmpty(count: number, position: number): void {
    const total = this.claims.emptyElements += count;
    if (total <= this.limits.emptyElements) return;
    const why = `${total} elements take no byte`;
    throw this.excessive(why, "emptyElements", position);
  }

  /**
   * Counts bytes that a variable is about to inflate to.
   *
   * @throws {LimitError} If those of the file are too many.
   */
  countInflated(size: number): void {
    const total = this.claims.arrayBytes += size;
    if (total <= this.limits.arrayBytes) return;
    const why = total === size
      ? `a variable claims ${size} bytes`
      : `variables claim ${total} bytes`;
    throw this.excessive(why, "arrayBytes", 0);
  }

  /** @throws {LimitError} If the file has more variables than allowed. */
  checkVariables(known: number, position: number): void {
    if (known < this.limits.members) return;
    throw this.excessive("it has more variables", "members", position);
  }

  /** Error for damaged bytes. */
  malformed(why: string, position: number, cause?: unknown): FormatError {
    return new FormatError(...this.#described(why, position, cause));
  }

  /** Error for a claim beyond a limit. */
  excessive(
    why: string,
    name: keyof Limits,
    position: number,
    cause?: unknown,
  ): LimitError {
    const text = `${why}: ${limitText(this.limits, name)}`;
    return new LimitError(...this.#described(text, position, cause));
  }

  /** Error for sound bytes of a kind that is not read. */
  unsupported(why: string, position: number): UnsupportedError {
    return new UnsupportedError(...this.#described(why, position));
  }

  #with(bytes: Uint8Array, place: MatPlace): MatBytes {
    const { littleEndian, limits, claims } = this;
    return new MatBytes(bytes, littleEndian, place, limits, claims);
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
