import { crc32 } from "node:zlib";
import {
  centralHeader,
  endRecords,
  localHeader,
  type StoredMember,
} from "../../src/archive/zip/records.ts";
import type { ReleaseFiles } from "../support/release_models.ts";
import { itemAt } from "../support/item_at.ts";
import { joined } from "./_mutated.ts";
import type { Damage } from "./_readback.ts";
import { mutatedValues } from "./_values.ts";

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** Files as one, so that a case is a file that can be kept. */
export function packedFiles(files: ReleaseFiles): Uint8Array {
  const sizes = Object.entries(files).map(([path, { length }]) => [
    path,
    length,
  ]);
  const head = ENCODER.encode(`${JSON.stringify(sizes)}\n`);
  return joined(head, ...Object.values(files));
}

/** The files of {@linkcode packedFiles}. */
export function unpackedFiles(bytes: Uint8Array): ReleaseFiles {
  let at = bytes.indexOf(10) + 1;
  const sizes: [string, number][] = JSON.parse(
    DECODER.decode(bytes.subarray(0, at)),
  );
  return Object.fromEntries(
    sizes.map(([path, size]) => [path, bytes.slice(at, at += size)]),
  );
}

/** Formats of datasets, each with a head in JSON. */
export type HeadFormat = "ndjson" | "npz" | "safetensors" | "zarr";

/** Well-formed files of a format with other values in their heads. */
export function headValues(format: HeadFormat): Damage {
  const { parse, write } = HEADS[format];
  return (sound) =>
    mutatedValues(parse(sound), { isJson: true })
      .map((head) => write(head, sound));
}

interface Head {
  parse(sound: Uint8Array): unknown;
  write(head: unknown, sound: Uint8Array): Uint8Array;
}

const LINES: Head = {
  parse: (sound) =>
    DECODER.decode(sound).trimEnd().split("\n").map((line) => JSON.parse(line)),
  write: (head) =>
    ENCODER.encode(
      (head as unknown[]).map((line) => `${JSON.stringify(line)}\n`).join(""),
    ),
};

const HEADS: Readonly<Record<HeadFormat, Head>> = {
  ndjson: LINES,
  zarr: {
    parse: (sound) => JSON.parse(DECODER.decode(sound)),
    write: (head) => ENCODER.encode(JSON.stringify(head)),
  },
  // A record of each tensor is JSON in a text of the header's JSON.
  safetensors: {
    parse: (sound) => {
      const head = JSON.parse(
        DECODER.decode(sound.subarray(8, headEnd(sound))),
      );
      const records = Object.entries<string>(head.__metadata__)
        .map(([name, text]) => [name, JSON.parse(text)]);
      return { ...head, __metadata__: Object.fromEntries(records) };
    },
    write: (head, sound) => {
      const { __metadata__: records, ...tensors } = Object(head);
      const texts = Object.entries(Object(records))
        .map(([name, record]) => [name, JSON.stringify(record)]);
      const text = JSON.stringify({
        __metadata__: Object.fromEntries(texts),
        ...tensors,
      });
      const bytes = ENCODER.encode(text);
      const length = new BigUint64Array([BigInt(bytes.length)]);
      return joined(
        new Uint8Array(length.buffer),
        bytes,
        sound.subarray(headEnd(sound)),
      );
    },
  },
  // The heads are the last member of a zip, which stores them as they are.
  npz: {
    parse: (sound) => {
      const { start, size } = lastOf(storedMembers(sound));
      return LINES.parse(sound.subarray(start, start + size));
    },
    write: (head, sound) => {
      const members = storedMembers(sound);
      const { path, offset } = lastOf(members);
      const lines = LINES.write(head, sound);
      const last = { path, offset, size: lines.length, crc32: crc32(lines) };
      const centrals = [...members.slice(0, -1), last].map(centralHeader);
      const arrays = sound.subarray(0, offset);
      const directory = joined(...centrals);
      const at = offset + localHeader(last).length + lines.length;
      const end = endRecords(members.length, at, directory.length);
      return joined(arrays, localHeader(last), lines, directory, end);
    },
  },
};

interface PlacedMember extends StoredMember {
  /** Byte at which its content begins. */
  readonly start: number;
}

/** Members of a zip that a sink wrote, by their local headers. */
function storedMembers(zip: Uint8Array): PlacedMember[] {
  const view = new DataView(zip.buffer, zip.byteOffset);
  const members: PlacedMember[] = [];
  for (let offset = 0; view.getUint32(offset, true) === 0x04034b50;) {
    const crc32 = view.getUint32(offset + 14, true);
    const size = view.getUint32(offset + 22, true);
    const nameEnd = offset + 30 + view.getUint16(offset + 26, true);
    const path = DECODER.decode(zip.subarray(offset + 30, nameEnd));
    const start = nameEnd + view.getUint16(offset + 28, true);
    members.push({ path, size, crc32, offset, start });
    offset = start + size;
  }
  return members;
}

function lastOf(members: readonly PlacedMember[]): PlacedMember {
  return itemAt(members, members.length - 1);
}

function headEnd(sound: Uint8Array): number {
  const { buffer, byteOffset } = sound;
  return 8 + Number(new DataView(buffer, byteOffset).getBigUint64(0, true));
}
