/**
 * Text gathered as UTF-8 in one buffer that is used again and again: lines of
 * megabytes would leave as much garbage behind each presentation.
 */
export class TextBuffer {
  readonly #encoder = new TextEncoder();
  #bytes = new Uint8Array(1 << 16);
  #length = 0;

  /** Adds a text. */
  append(text: string): void {
    // A UTF-16 unit takes three bytes at most; base64 and numbers take one.
    let { read, written } = this.#encode(text);
    while (read < text.length) {
      this.#length += written;
      this.#grow(3 * (text.length - read));
      text = text.slice(read);
      ({ read, written } = this.#encode(text));
    }
    this.#length += written;
  }

  /** All that was added since the last call; good until the next `append`. */
  take(): Uint8Array {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return bytes;
  }

  #encode(text: string): TextEncoderEncodeIntoResult {
    return this.#encoder.encodeInto(text, this.#bytes.subarray(this.#length));
  }

  #grow(room: number): void {
    const bytes = new Uint8Array(2 * this.#bytes.length + room);
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
  }
}
