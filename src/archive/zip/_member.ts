import {
  crc32,
  createInflateRaw,
  type InflateRaw,
  inflateRawSync,
} from "node:zlib";
import { type DataErrorPlace, LimitError } from "../../errors.ts";
import type { ReadOptions } from "../../base/abort.ts";
import { type Limits, limitText } from "../../base/limits.ts";
import type { ByteSource } from "../bytes/byte_source.ts";
import {
  checkConsumed,
  checkEnd,
  checkReadable,
  inflateError,
  plainBytes,
  STORED,
  tooLong,
} from "./_checks.ts";
import { placeOf, readZipData } from "./_data.ts";
import type { ZipEntry } from "./_entries.ts";

/** Packed bytes per read, and most unpacked bytes per piece. */
const PIECE = 1 << 18;

/**
 * A member piece by piece, its length and CRC checked at the end.
 *
 * However slow the reader, at most one packed piece of 256 KiB is held beside
 * the one being unpacked, and two unpacked ones.
 *
 * @param options Its signal ends a pending read. When the generator has ended,
 * in whatever way, nothing is open.
 */
export async function* zipMemberPieces(
  source: ByteSource,
  entry: ZipEntry,
  limits: Limits,
  options: ReadOptions,
): AsyncGenerator<Uint8Array> {
  const place = placeOf(source, entry);
  checkReadable(entry, limits, place);
  const pieces = entry.method === STORED
    ? packedPieces(source, entry, options)
    : inflatedPieces(source, entry, place, options);
  let size = 0;
  let crc = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > entry.size) throw tooLong(entry, place);
    crc = crc32(piece, crc);
    yield piece;
  }
  checkEnd(size, crc, entry, place);
}

async function* packedPieces(
  source: ByteSource,
  entry: ZipEntry,
  options: ReadOptions,
): AsyncGenerator<Uint8Array> {
  const { packedSize } = entry;
  const first = Math.min(packedSize, PIECE);
  const { offset, head } = await readZipData(source, entry, first, options);
  if (first > 0) yield head;
  const reading = { ...options, reach: offset + packedSize };
  for (let at = first; at < packedSize; at += PIECE) {
    const length = Math.min(PIECE, packedSize - at);
    yield await source.read(offset + at, length, reading);
  }
}

async function* inflatedPieces(
  source: ByteSource,
  entry: ZipEntry,
  place: DataErrorPlace,
  options: ReadOptions,
): AsyncGenerator<Uint8Array> {
  const stop = new AbortController();
  const signal = options.signal === undefined
    ? stop.signal
    : AbortSignal.any([options.signal, stop.signal]);
  const inflater = createInflateRaw({ chunkSize: PIECE });
  const feeding = feed(inflater, packedPieces(source, entry, { signal }));
  try {
    for await (const piece of inflater) yield plainBytes(piece);
    checkConsumed(inflater.bytesWritten, entry, place);
  } catch (error) {
    throw inflateError(error, entry, place);
  } finally {
    stop.abort();
    inflater.destroy();
    await feeding;
  }
}

// Its faults come out of the inflater, in turn with what was unpacked.
async function feed(
  inflater: InflateRaw,
  packed: AsyncGenerator<Uint8Array>,
): Promise<void> {
  try {
    for await (const piece of packed) {
      if (inflater.destroyed) return;
      if (!inflater.write(piece)) await taken(inflater);
    }
    if (!inflater.destroyed) inflater.end();
  } catch (error) {
    inflater.destroy(error as Error);
  }
}

function taken(inflater: InflateRaw): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      inflater.off("drain", done);
      inflater.off("close", done);
      resolve();
    };
    inflater.on("drain", done);
    inflater.on("close", done);
  });
}

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
