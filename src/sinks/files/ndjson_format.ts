import { TextBuffer } from "../_text_buffer.ts";
import { AppendFile } from "./append_file.ts";
import { type ArrayRecord, bytesOf, type RestHead } from "./array_record.ts";
import type { FileFormat, FileSizes, FormatWriter } from "./file_format.ts";

/** How arrays are written in JSON. */
export type NdjsonArrays = "base64" | "numbers";

/** A line per array: its head, and its data as the last entry. */
export function ndjsonFormat(arrays: NdjsonArrays): FileFormat {
  return {
    name: "NDJSON",
    kind: `NDJSON of ${arrays}`,
    spills: [],
    open: async (part, sizes): Promise<FormatWriter> =>
      new NdjsonWriter(await AppendFile.open(part, sizes?.lines), arrays),
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
    await this.#file.write(this.#lines.of(records));
  }

  async sizes(): Promise<FileSizes> {
    await this.#file.sync();
    return { lines: this.#file.size };
  }

  async finish(rest?: RestHead): Promise<number> {
    if (rest) await this.#file.write(this.#lines.ofRest(rest));
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
  readonly #append: (values: Float32Array) => void;

  constructor(arrays: NdjsonArrays) {
    this.#append = arrays === "base64"
      ? (values): void => this.#appendBase64(values)
      : (values): void => this.#text.append(JSON.stringify([...values]));
  }

  /** The lines of some arrays; good until the next call. */
  of(records: Iterable<ArrayRecord>): Uint8Array {
    for (const { head, values } of records) {
      // The data stand last: nothing searches them for quotes.
      this.#text.append(`${JSON.stringify(head).slice(0, -1)},"data":`);
      this.#append(values);
      this.#text.append("}\n");
    }
    return this.#text.take();
  }

  /** The line of what no array was left to tell; good until the next call. */
  ofRest(rest: RestHead): Uint8Array {
    this.#text.append(`${JSON.stringify(rest)}\n`);
    return this.#text.take();
  }

  #appendBase64(values: Float32Array): void {
    this.#text.append('"');
    this.#text.append(bytesOf(values).toBase64());
    this.#text.append('"');
  }
}
