import type { MatBytes } from "./_bytes.ts";

/** Types of data elements: "MAT-File Format", table 1-1. */
export const MI = {
  int8: 1,
  uint8: 2,
  uint16: 4,
  int32: 5,
  uint32: 6,
  matrix: 14,
  compressed: 15,
  utf8: 16,
  utf16: 17,
  utf32: 18,
} as const;

/** Data element: a type and its bytes. */
export interface MatElement {
  /** One of {@linkcode MI} or of the numeric types. */
  readonly type: number;
  /** Byte where the tag begins. */
  readonly tag: number;
  /** Byte where the content begins. */
  readonly start: number;
  /** Bytes of the content, without padding. */
  readonly length: number;
}

/** Reads the data elements of a range of bytes, one after the other. */
export class MatCursor {
  #position: number;

  constructor(
    readonly source: MatBytes,
    start: number,
    readonly end: number,
  ) {
    this.#position = start;
  }

  /** Byte where the next element begins. */
  get position(): number {
    return this.#position;
  }

  /** Bytes not yet read. */
  get left(): number {
    return this.end - this.#position;
  }

  /** Reads the next element, which must lie inside the range. */
  next(): MatElement {
    const tag = this.#position;
    if (this.left < 8) {
      throw this.source.malformed(
        `an element begins ${this.left} bytes before its container ends`,
        tag,
      );
    }
    const word = this.source.uint32(tag);
    const small = word >>> 16;
    if (small !== 0) return this.#small(tag, word & 0xffff, small);
    const length = this.source.uint32(tag + 4);
    if (length > this.left - 8) {
      throw this.source.malformed(
        `an element claims ${length} bytes where ${this.left - 8} are left`,
        tag,
      );
    }
    // Some writers leave out the padding after the last element.
    const padded = 8 * Math.ceil(length / 8);
    this.#position = Math.min(this.end, tag + 8 + padded);
    return { type: word, tag, start: tag + 8, length };
  }

  /** Refuses bytes after the last element. */
  finish(): void {
    // Fewer than 8 cannot be an element: they are padding.
    if (this.left < 8) return;
    throw this.source.malformed(
      `an array holds ${this.left} bytes more than its shape needs`,
      this.#position,
    );
  }

  #small(tag: number, type: number, length: number): MatElement {
    if (length > 4) {
      throw this.source.malformed(
        `a small element claims ${length} bytes, expected 1 to 4`,
        tag,
      );
    }
    this.#position = tag + 8;
    return { type, tag, start: tag + 4, length };
  }
}
