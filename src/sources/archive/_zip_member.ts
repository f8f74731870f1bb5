import { crc32, inflateRawSync } from "node:zlib";
import { type DataErrorPlace, LimitError } from "../../errors.ts";
import type { ReadOptions } from "../../session.ts";
import { limitText } from "../_checked_limits.ts";
import type { Limits } from "../limits.ts";
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

/** What `info: true` makes of the result; Node's types have the buffer only. */
interface InflateInfo {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

/** A whole member, its length and CRC checked. */
export async function readZipMember(
  source: ByteSource,
  entry: ZipEntry,
  limits: Limits,
  options: ReadOptions,
): Promise<Uint8Array> {
  const place = placeOf(source, entry);
  checkReadable(entry, limits, place);
  if (entry.size > limits.memberBytes) {
    throw new LimitError(
      `Cannot read member: it claims ${entry.size} bytes: ` +
        limitText(limits, "memberBytes"),
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
