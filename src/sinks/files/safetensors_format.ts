import { OutputError } from "../../errors.ts";
import { AppendFile } from "./append_file.ts";
import {
  type ArrayRecord,
  bytesOf,
  type Ending,
  type RestHead,
  storedShape,
} from "./array_record.ts";
import type {
  FileFormat,
  FormatWriter,
  Spill,
  WriteMark,
} from "./file_format.ts";

/** Metadata key of the {@linkcode RestHead}. */
export const REST = "rest";

/** Maximal header size in bytes that the reference reader accepts (0.4: 10^8). */
export const MAX_HEADER_BYTES = 100_000_000;

const ENCODER = new TextEncoder();
const DATA: Spill = ".data";
const TENSORS: Spill = ".tensors";
const HEADS: Spill = ".heads";

/**
 * Hugging Face's safetensors: a JSON header, then the data. Both grow in
 * temporary files until all arrays are known, since the header comes first.
 *
 * Source: safetensors 0.4, "Format".
 */
export const safetensorsFormat: FileFormat = {
  name: "safetensors",
  kind: "safetensors",
  async open(part, marks): Promise<FormatWriter> {
    const files = marks.at(-1)?.files;
    const { data, tensors, heads, whole } = await AppendFile.openAll({
      data: part + DATA,
      tensors: part + TENSORS,
      heads: part + HEADS,
      whole: part,
    }, files);
    return new SafetensorsWriter(data, tensors, heads, whole);
  },
};

class SafetensorsWriter implements FormatWriter {
  readonly #data: AppendFile;
  readonly #tensors: AppendFile;
  readonly #heads: AppendFile;
  readonly #whole: AppendFile;

  constructor(
    data: AppendFile,
    tensors: AppendFile,
    heads: AppendFile,
    whole: AppendFile,
  ) {
    this.#data = data;
    this.#tensors = tensors;
    this.#heads = heads;
    this.#whole = whole;
  }

  async write(records: Iterable<ArrayRecord>): Promise<void> {
    for (const { head, values } of records) {
      const start = this.#data.size;
      await this.#data.write(bytesOf(values));
      await this.#tensors.write(entry(this.#tensors, head.name, {
        dtype: "F32",
        shape: storedShape(head),
        data_offsets: [start, this.#data.size],
      }));
      await this.#addHead(head.name, head);
    }
    this.#checkHeader();
  }

  async mark(): Promise<WriteMark> {
    const files = await AppendFile.syncAll({
      data: this.#data,
      tensors: this.#tensors,
      heads: this.#heads,
    });
    return { files };
  }

  async finish({ rest }: Ending): Promise<number> {
    if (rest) await this.#addHead(REST, rest);
    const whole = this.#whole;
    const [open, close] = ['{"__metadata__":{', "}"];
    const middle = this.#tensors.size > 0 ? "}," : "}";
    const length = open.length + this.#heads.size + middle.length +
      this.#tensors.size + close.length;
    // The data start at a multiple of 8 bytes.
    const padded = Math.ceil(length / 8) * 8;
    const prefix = new BigUint64Array([BigInt(padded)]);
    await whole.write(new Uint8Array(prefix.buffer));
    await whole.write(ENCODER.encode(open));
    await whole.append(this.#heads);
    await whole.write(ENCODER.encode(middle));
    await whole.append(this.#tensors);
    await whole.write(
      ENCODER.encode(close.padEnd(close.length + padded - length)),
    );
    await whole.append(this.#data);
    await whole.sync();
    return whole.size;
  }

  [Symbol.dispose](): void {
    const files = [this.#data, this.#tensors, this.#heads, this.#whole];
    for (const file of files) file[Symbol.dispose]();
  }

  async #addHead(
    name: string,
    head: ArrayRecord["head"] | RestHead,
  ): Promise<void> {
    await this.#heads.write(entry(this.#heads, name, JSON.stringify(head)));
  }

  #checkHeader(): void {
    const bytes = this.#heads.size + this.#tensors.size;
    if (bytes < MAX_HEADER_BYTES - 1000) return;
    throw new OutputError(
      `Cannot write safetensors: its header has ${bytes} bytes, its readers ` +
        `take ${MAX_HEADER_BYTES}; use toNpz or toZarr, or fewer cells`,
      { path: this.#whole.path },
    );
  }
}

/** Next entry of a growing JSON object: all but the first follow a comma. */
function entry({ size }: AppendFile, name: string, value: unknown): Uint8Array {
  const comma = size > 0 ? "," : "";
  return ENCODER.encode(
    `${comma}${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
}
