import { crc32, inflateRawSync } from "node:zlib";
import { type DataErrorPlace, LimitError } from "../../errors.ts";
import type { ReadOptions } from "../../session.ts";
import type { ByteSource } from "./_byte_source.ts";
import {
  checkConsumed,
  checkEnd,
  checkReadable,
  inflateError,
  plainBytes,
  STORED,
} from "./_zip_checks.ts";
import { placeOf, readZipData } from "./_zip_data.ts";
import type { ZipEntry } from "./_zip_entries.ts";

/** What one buffer holds on every platform. */
const MAX_WHOLE = 2 ** 31 - 1;

/** What `info: true` makes of the result; Node's types have the buffer only. */
interface InflateInfo {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

/** A whole member, its length and CRC checked. */
export async function readZipMember(
  source: ByteSource,
  entry: ZipEntry,
  options: ReadOptions,
): Promise<Uint8Array> {
  const place = placeOf(source, entry);
  checkReadable(entry, place);
  if (entry.size > MAX_WHOLE) {
    throw new LimitError(
      `Cannot read member: ${entry.size} bytes are more than one buffer ` +
        `holds (${MAX_WHOLE}), read it as a stream`,
      place,
    );
  }
  const { head } = await readZipData(source, entry, entry.packedSize, options);
  const bytes = entry.method === STORED
    ? head.slice()
    : inflate(head, entry, place);
  checkEnd(bytes.length, crc32(bytes), entry, place);
  return bytes;
}

function inflate(
  packed: Uint8Array,
  entry: ZipEntry,
  place: DataErrorPlace,
): Uint8Array {
  try {
    // One output block, a byte longer than needed: zlib then sees the end.
    const { buffer, engine } = inflateRawSync(packed, {
      info: true,
      chunkSize: Math.max(64, entry.size + 1),
      maxOutputLength: Math.max(1, entry.size),
    }) as unknown as InflateInfo;
    checkConsumed(engine.bytesWritten, entry, place);
    return plainBytes(buffer);
  } catch (error) {
    throw inflateError(error, entry, place);
  }
}
