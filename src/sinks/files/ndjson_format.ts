import { AppendFile } from "./append_file.ts";
import {
  type ArrayRecord,
  bytesOf,
  type Ending,
  type RestHead,
} from "./array_record.ts";
import type { FileFormat, FileSizes, FormatWriter } from "./file_format.ts";
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

/**
 * Values that become text together: base64 takes whole threes of bytes. Such
 * pieces are as fast as the whole (4.2 and 3.7 GB/s) and leave no long texts.
 */
const PIECE = 3 << 12;

/** What ends every line but the last. */
export const LINE_END = "}\n";

const ENCODER = new TextEncoder();

/** How arrays are written in JSON. */
export type NdjsonArrays = "base64" | "numbers";

/** A line per array: its head, and its data as the last entry. */
export function ndjsonFormat(arrays: NdjsonArrays): FileFormat {
  return {
    name: "NDJSON",
    kind: `NDJSON of ${arrays}`,
    async open(part, sizes): Promise<FormatWriter> {
      using opened = new DisposableStack();
      const file = opened.use(await AppendFile.open(part, sizes?.lines));
      // A run that was killed while it finished has written over this.
      if (file.size > 0) await file.replaceEnd(ENCODER.encode(LINE_END));
      opened.move();
      return new NdjsonWriter(file, arrays);
    },
  };
}

class NdjsonWriter implements FormatWriter {
  readonly #file: AppendFile;
  readonly #lines: NdjsonLines;

  constructor(file: AppendFile, arrays: NdjsonArrays) {
    this.#file = file;
    this.#lines = new NdjsonLines(arrays);
  }

  async write(records: Iterable<ArrayRecord>): Promise<void> {
    for (const record of records) {
      await this.#file.write(this.#lines.of(record));
    }
  }

  async sizes(): Promise<FileSizes> {
    await this.#file.sync();
    return { lines: this.#file.size };
  }

  async finish(ending: Ending): Promise<number> {
    if (ending.rest !== undefined || this.#file.size === 0) {
      await this.#file.write(this.#lines.ofRest(ending.rest));
    }
    await this.#file.replaceEnd(this.#lines.end(ending), LINE_END.length);
    await this.#file.sync();
    return this.#file.size;
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

/** Encodes arrays as lines of NDJSON, in one buffer that is used again. */
export class NdjsonLines {
  readonly #text = new TextBuffer();
  readonly #isText: boolean;

  constructor(arrays: NdjsonArrays) {
    this.#isText = arrays === "base64";
  }

  /** The line of an array; good until the next call. */
  of({ head, values }: ArrayRecord): Uint8Array {
    const [open, close] = this.#isText ? '""' : "[]";
    // The data stand behind the head: nothing searches them for quotes.
    this.#text.append(`${JSON.stringify(head).slice(0, -1)},"data":${open}`);
    for (let at = 0; at < values.length; at += PIECE) {
      const piece = values.subarray(at, at + PIECE);
      if (this.#isText) this.#text.append(bytesOf(piece).toBase64());
      else this.#appendNumbers(piece, at);
    }
    this.#text.append(close + LINE_END);
    return this.#text.take();
  }

  /** The line of what no array was left to tell; good until the next call. */
  ofRest(rest: RestHead = { type: "rest" }): Uint8Array {
    this.#text.append(JSON.stringify(rest).slice(0, -1) + LINE_END);
    return this.#text.take();
  }

  /**
   * What the last line has in the place of {@linkcode LINE_END}, so that no line
   * is lost unseen; good until the next call.
   */
  end({ stimuli, responses }: Ending): Uint8Array {
    this.#text.append(`,"end":${JSON.stringify({ stimuli, responses })}}\n`);
    return this.#text.take();
  }

  #appendNumbers(piece: Float32Array, at: number): void {
    if (at > 0) this.#text.append(",");
    this.#text.append(JSON.stringify(Array.from(piece)).slice(1, -1));
  }
}
