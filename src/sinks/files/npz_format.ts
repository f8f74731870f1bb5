import { OutputError } from "../../errors.ts";
import { crc32 } from "../../platform/zlib.ts";
import { AppendFile } from "./append_file.ts";
import {
  type ArrayRecord,
  bytesOf,
  type Ending,
  storedShape,
} from "./array_record.ts";
import type {
  FileFormat,
  FormatWriter,
  Spill,
  WriteMark,
} from "./file_format.ts";
import {
  centralHeader,
  endRecords,
  localHeader,
  MAX_MEMBER,
  type StoredMember,
} from "../../archive/zip/records.ts";

/**
 * Header of a `.npy` file of little-endian float32 in C order.
 *
 * Source: NumPy 1.24, `numpy.lib.format`, "Format Version 1.0".
 */
export function npyHeader(shape: readonly number[]): Uint8Array {
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const head = `{'descr': '<f4', 'fortran_order': False, 'shape': (${axes}), }`;
  // Header, magic, version and length together fill whole blocks of 64 bytes.
  const length = Math.ceil((10 + head.length + 1) / 64) * 64 - 10;
  const text = head.padEnd(length - 1) + "\n";
  const out = new Uint8Array(10 + length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(out.buffer).setUint16(8, length, true);
  new TextEncoder().encodeInto(text, out.subarray(10));
  return out;
}

/** Member with one JSON line per array, and one for the rest. */
export const NPZ_HEADS = "metadata.ndjson";

const ENCODER = new TextEncoder();
const DIRECTORY: Spill = ".directory";
const HEADS: Spill = ".heads";

/**
 * NumPy's zip of uncompressed `.npy` files, one per array, plus a member with the
 * heads of all. The zip's directory and the heads stay in temporary files until
 * all arrays are written.
 */
export const npzFormat: FileFormat = {
  name: "NPZ",
  kind: "NPZ",
  async open(part, marks): Promise<FormatWriter> {
    const { files, members = 0 } = marks.at(-1) ?? {};
    const { zip, directory, heads } = await AppendFile.openAll({
      zip: part,
      directory: part + DIRECTORY,
      heads: part + HEADS,
    }, files);
    return new NpzWriter(zip, directory, heads, members);
  },
};

class NpzWriter implements FormatWriter {
  readonly #zip: AppendFile;
  readonly #directory: AppendFile;
  readonly #heads: AppendFile;
  #members: number;

  constructor(
    zip: AppendFile,
    directory: AppendFile,
    heads: AppendFile,
    members: number,
  ) {
    this.#zip = zip;
    this.#directory = directory;
    this.#heads = heads;
    this.#members = members;
  }

  async write(records: Iterable<ArrayRecord>): Promise<void> {
    for (const { head, values } of records) {
      const npy = npyHeader(storedShape(head));
      const bytes = bytesOf(values);
      await this.#add(`${head.name}.npy`, {
        size: npy.length + bytes.length,
        crc32: crc32(bytes, crc32(npy)),
      });
      await this.#zip.write(npy);
      await this.#zip.write(bytes);
      await this.#heads.write(lineOf(head));
    }
  }

  async mark(): Promise<WriteMark> {
    const files = await AppendFile.syncAll({
      zip: this.#zip,
      directory: this.#directory,
      heads: this.#heads,
    });
    return { files, members: this.#members };
  }

  async finish({ rest }: Ending): Promise<number> {
    if (rest) await this.#heads.write(lineOf(rest));
    let crc = 0;
    for await (const piece of this.#heads.pieces()) crc = crc32(piece, crc);
    await this.#add(NPZ_HEADS, { size: this.#heads.size, crc32: crc });
    await this.#zip.append(this.#heads);
    const offset = this.#zip.size;
    await this.#zip.append(this.#directory);
    const { size } = this.#directory;
    await this.#zip.write(endRecords(this.#members, offset, size));
    await this.#zip.sync();
    return this.#zip.size;
  }

  [Symbol.dispose](): void {
    this.#zip[Symbol.dispose]();
    this.#directory[Symbol.dispose]();
    this.#heads[Symbol.dispose]();
  }

  async #add(
    path: string,
    content: Pick<StoredMember, "crc32" | "size">,
  ): Promise<void> {
    if (content.size > MAX_MEMBER) {
      throw new OutputError(
        `Cannot write NPZ: ${path} has ${content.size} bytes, a member has at ` +
          `most ${MAX_MEMBER}; use toZarr`,
        { path: this.#zip.path },
      );
    }
    const member = { path, ...content, offset: this.#zip.size };
    await this.#zip.write(localHeader(member));
    await this.#directory.write(centralHeader(member));
    this.#members++;
  }
}

function lineOf(value: unknown): Uint8Array {
  return ENCODER.encode(`${JSON.stringify(value)}\n`);
}
