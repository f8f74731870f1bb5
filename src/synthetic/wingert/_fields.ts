/** File that grows in memory. */
export class GrowingFile {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** Length so far, the address of the next bytes. */
  get length(): number {
    return this.#length;
  }

  /** Appends bytes without a copy and returns their address. */
  append(bytes: Uint8Array): number {
    const address = this.#length;
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return address;
  }

  /** Copies the file into one buffer. */
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

/** Writes consecutive little-endian fields into a zeroed buffer. */
export class Fields {
  /** Buffer with all fields. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #at = 0;

  /** @param size Bytes of the buffer. */
  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
  }

  /** Moves to a byte. */
  at(offset: number): this {
    this.#at = offset;
    return this;
  }

  /** Writes bytes or ASCII text. */
  raw(content: string | ArrayLike<number>): this {
    const bytes = typeof content === "string"
      ? ENCODER.encode(content)
      : content;
    this.bytes.set(bytes, this.#at);
    this.#at += bytes.length;
    return this;
  }

  /** Writes 16-bit words. */
  u16(...values: readonly number[]): this {
    for (const value of values) {
      this.#view.setUint16(this.#at, value, true);
      this.#at += 2;
    }
    return this;
  }

  /** Writes 32-bit words. */
  u32(...values: readonly number[]): this {
    for (const value of values) {
      this.#view.setUint32(this.#at, value, true);
      this.#at += 4;
    }
    return this;
  }

  /** Writes 64-bit words; -1 is the undefined address. */
  u64(...values: readonly number[]): this {
    for (const value of values) {
      this.#view.setBigInt64(this.#at, BigInt(value), true);
      this.#at += 8;
    }
    return this;
  }
}
