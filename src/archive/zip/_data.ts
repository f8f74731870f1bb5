import { ArchiveError, type DataErrorPlace } from "../../errors.ts";
import type { ByteSource, SourceReadOptions } from "../bytes/byte_source.ts";
import type { Stretch } from "../bytes/stretches.ts";
import type { ZipEntry } from "./_entries.ts";

/** Place of the packed bytes of a member, and the first of them. */
export interface ZipData {
  /** Byte of the archive where they start. */
  readonly offset: number;
  /** First packed bytes, as many as requested. */
  readonly head: Uint8Array;
}

/** First bytes of a local header, APPNOTE 4.3.7. */
export const LOCAL_SIGNATURE = 0x04034b50;

const LOCAL_HEADER = 30;
const ZIP64_EXTRA = 0x0001;
const IN_ZIP64 = 0xffffffff;
const SIZES_FOLLOW_DATA = 1 << 3;
/** Encrypted (0), sizes follow (3), patch (5), strong (6), masked (13). */
const LAYOUT_BITS = 0x2069;

/**
 * Bytes read in addition, since a local extra field may be longer than the
 * directory's (Info-ZIP: 4 to 16 bytes, Zip64: 20).
 */
const SLACK = 64;

/**
 * Reads a member's local header and its first packed bytes, in one read if the
 * local extra field is of usual length.
 *
 * @param wanted Number of packed bytes, at most the entry's own.
 * @throws {ArchiveError} If there is no header, it disagrees with the directory,
 * or the bytes would overlap the next entry.
 */
export async function readZipData(
  source: ByteSource,
  entry: ZipEntry,
  wanted: number,
  options: SourceReadOptions = {},
): Promise<ZipData> {
  const { offset, limit, rawPath, extraLength, packedSize } = entry;
  const place = placeOf(source, entry);
  const leastHeader = LOCAL_HEADER + rawPath.length;
  if (offset + leastHeader + packedSize > limit) {
    throw overlapError(limit, place);
  }
  const expected = leastHeader + extraLength + SLACK + wanted;
  const length = Math.min(expected, limit - offset);
  let bytes = await source.read(offset, length, options);
  const header = headerLength(bytes);
  if (offset + header + packedSize > limit) throw overlapError(limit, place);
  if (header + wanted > bytes.length) {
    bytes = await source.read(offset, header + wanted, options);
  }
  const fault = headerFault(bytes.subarray(0, header), entry);
  if (fault !== undefined) {
    throw new ArchiveError(`Cannot read member: ${fault}`, place);
  }
  return {
    offset: offset + header,
    head: bytes.subarray(header, header + wanted),
  };
}

/** Bytes that a read of a whole member needs. */
export function zipStretch(entry: ZipEntry): Stretch {
  const { offset, limit, rawPath, extraLength, packedSize } = entry;
  const least = LOCAL_HEADER + rawPath.length + packedSize;
  const length = Math.min(least + extraLength + SLACK, limit - offset);
  return { offset, length, slack: Math.max(0, length - least) };
}

/** Place of a member, as errors name it: archive, path and first byte. */
export function placeOf(
  source: ByteSource,
  entry: ZipEntry,
): Required<DataErrorPlace> {
  return { archive: source.name, member: entry.path, offset: entry.offset };
}

function overlapError(limit: number, place: DataErrorPlace): ArchiveError {
  return new ArchiveError(
    `Cannot read member: it reaches beyond byte ${limit}, where what follows ` +
      `it starts`,
    place,
  );
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function headerLength(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  return LOCAL_HEADER + view.getUint16(26, true) + view.getUint16(28, true);
}

function headerFault(header: Uint8Array, entry: ZipEntry): string | undefined {
  const view = viewOf(header);
  if (view.getUint32(0, true) !== LOCAL_SIGNATURE) return "no header is there";
  const flags = view.getUint16(6, true);
  const pathEnd = LOCAL_HEADER + view.getUint16(26, true);
  const path = header.subarray(LOCAL_HEADER, pathEnd);
  const agrees = {
    flags: (flags & LAYOUT_BITS) === (entry.flags & LAYOUT_BITS),
    method: view.getUint16(8, true) === entry.method,
    path: equalBytes(path, entry.rawPath),
    "size or CRC": (flags & SIZES_FOLLOW_DATA) !== 0 ||
      sizesAgree(view, pathEnd, entry),
  };
  const odd = Object.entries(agrees).find(([, isSame]) => !isSame);
  return odd && `${odd[0]} differs between header and directory`;
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function sizesAgree(
  header: DataView,
  extraStart: number,
  entry: ZipEntry,
): boolean {
  const long = zip64Values(header, extraStart);
  const sizes = [header.getUint32(22, true), header.getUint32(18, true)]
    .map((size) => size === IN_ZIP64 ? long.shift() : size);
  return header.getUint32(14, true) === entry.crc32 &&
    sizes[0] === entry.size && sizes[1] === entry.packedSize;
}

// The unpacked size, then the packed one; each only where the header has none.
function zip64Values(header: DataView, extraStart: number): number[] {
  for (let at = extraStart; at + 4 <= header.byteLength;) {
    const next = at + 4 + header.getUint16(at + 2, true);
    if (header.getUint16(at, true) !== ZIP64_EXTRA) {
      at = next;
      continue;
    }
    const values: number[] = [];
    const end = Math.min(next, header.byteLength);
    for (let value = at + 4; value + 8 <= end; value += 8) {
      values.push(Number(header.getBigUint64(value, true)));
    }
    return values;
  }
  return [];
}
