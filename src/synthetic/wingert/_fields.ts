/** A file that is written front to back, in memory. */
export class GrowingFile {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** Address of what is appended next. */
  get length(): number {
    return this.#length;
  }

  /** Appends bytes without copying them, and gives their address. */
  append(bytes: Uint8Array): number {
    const address = this.#length;
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return address;
  }

  /** The file as one buffer. */
  bytes(): Uint8Array<ArrayBuffer> {
    const file = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      file.set(part, at);
      at += part.length;
    }
    return file;
  }
}

const ENCODER = new TextEncoder();

/** Writes little-endian fields one after the other into zeros. */
export class Fields {
  /** All of them. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #at = 0;

  /** @param size Bytes in all. */
  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
  }

  /** Skips to a byte. */
  at(offset: number): this {
    this.#at = offset;
    return this;
  }

  /** Bytes, or the codes of an ASCII text. */
  raw(content: string | ArrayLike<number>): this {
    const bytes = typeof content === "string"
      ? ENCODER.encode(content)
      : content;
    this.bytes.set(bytes, this.#at);
    this.#at += bytes.length;
    return this;
  }

  /** 16-bit words. */
  u16(...values: readonly number[]): this {
    for (const value of values) {
      this.#view.setUint16(this.#at, value, true);
      this.#at += 2;
    }
    return this;
  }

  /** 32-bit words. */
  u32(...values: readonly number[]): this {
    for (const value of values) {
      this.#view.setUint32(this.#at, value, true);
      this.#at += 4;
    }
    return this;
  }

  /** 64-bit words; -1 is the undefined address. */
  u64(...values: readonly number[]): this {
    for (const value of values) {
      this.#view.setBigInt64(this.#at, BigInt(value), true);
      this.#at += 8;
    }
    return this;
  }
}
