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
