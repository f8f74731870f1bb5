import { AppendFile } from "./append_file.ts";
import {
  type ArrayRecord,
  bytesOf,
  type Ending,
  type RestHead,
} from "./array_record.ts";
import type { FileFormat, FormatWriter, WriteMark } from "./file_format.ts";

/**
 * UTF-8 text in one reused buffer: lines of megabytes would leave that much
 * garbage after every presentation.
 */
export class TextBuffer {
  readonly #encoder = new TextEncoder();
  #bytes = new Uint8Array(1 << 16);
  #length = 0;

  /** Appends text. */
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

  /** Text appended since the last call; valid until the next `append`. */
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
 * Number of values encoded at once, a multiple of 3 for base64. Such pieces are
 * as fast as whole arrays (4.2 and 3.7 GB/s) and avoid long strings.
 */
const PIECE = 3 << 12;

/** End of every line but the last. */
export const LINE_END = "}\n";

const ENCODER = new TextEncoder();

/** How arrays are written in JSON. */
export type NdjsonArrays = "base64" | "numbers";

/** One line per array: the entries of its head, then its data. */
export function ndjsonFormat(arrays: NdjsonArrays): FileFormat {
  return {
    name: "NDJSON",
    kind: `NDJSON of ${arrays}`,
    async open(part, marks): Promise<FormatWriter> {
      const lines = marks.at(-1)?.files.lines;
      // A run killed in finish() has overwritten the end of the line.
      const end = ENCODER.encode(LINE_END);
      return new NdjsonWriter(await AppendFile.open(part, lines, end), arrays);
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

  async mark(): Promise<WriteMark> {
    return { files: await AppendFile.syncAll({ lines: this.#file }) };
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

/** Encodes arrays as lines of NDJSON in one reused buffer. */
export class NdjsonLines {
  readonly #text = new TextBuffer();
  readonly #isText: boolean;

  constructor(arrays: NdjsonArrays) {
    this.#isText = arrays === "base64";
  }

  /** Line of an array; valid until the next call. */
  of({ head, values }: ArrayRecord): Uint8Array {
    const [open, close] = this.#isText ? '""' : "[]";
    // Data are appended to the head: JSON.stringify would scan them for quotes.
    this.#text.append(`${JSON.stringify(head).slice(0, -1)},"data":${open}`);
    for (let at = 0; at < values.length; at += PIECE) {
      const piece = values.subarray(at, at + PIECE);
      if (this.#isText) this.#text.append(bytesOf(piece).toBase64());
      else this.#appendNumbers(piece, at);
    }
    this.#text.append(close + LINE_END);
    return this.#text.take();
  }

  /** Line of the notes after the last array; valid until the next call. */
  ofRest(rest: RestHead = { type: "rest" }): Uint8Array {
    this.#text.append(JSON.stringify(rest).slice(0, -1) + LINE_END);
    return this.#text.take();
  }

  /**
   * End of the last line, in place of {@linkcode LINE_END}: the number of arrays,
   * so that readers notice missing lines. Valid until the next call.
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
