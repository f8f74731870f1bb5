import {
  crc32,
  type Inflated,
  inflateRawAsync,
  inflateStream,
} from "../../platform/zlib.ts";
import { type DataErrorPlace, LimitError } from "../../errors.ts";
import type { ReadOptions } from "../../base/abort.ts";
import { freeArray } from "../../base/sole_owner.ts";
import { type Limits, limitText } from "../../base/limits.ts";
import type { ByteSource } from "../bytes/byte_source.ts";
import {
  checkConsumed,
  checkEnd,
  checkReadable,
  memberError,
  STORED,
  tooLongError,
} from "./_checks.ts";
import { placeOf, readZipData } from "./_data.ts";
import type { ZipEntry } from "./_entries.ts";

/** Packed bytes per read, and most unpacked bytes per piece. */
const PIECE = 1 << 18;

/**
 * Reads a member piece by piece, and checks length and CRC at the end.
 *
 * However slow the reader, at most one packed piece of 256 KiB is held beside
 * the one being unpacked, and two unpacked ones.
 *
 * @param options Its signal ends a pending read. When the generator ends, no file
 * is open.
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
    if (size > entry.size) throw tooLongError(entry, place);
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
  const stream = inflateStream(packedPieces(source, entry, { signal }), {
    format: "raw",
    pieceBytes: PIECE,
    onLeave: () => stop.abort(),
  });
  try {
    yield* stream;
  } catch (error) {
    throw memberError(error, entry, place);
  }
  checkConsumed(stream.consumed, entry, place);
}

/** Reads a whole member, and checks length and CRC. */
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
    : await inflated(head, entry, place);
  freeArray(head);
  checkEnd(bytes.length, crc32(bytes), entry, place);
  return bytes;
}

async function inflated(
  packed: Uint8Array,
  entry: ZipEntry,
  place: DataErrorPlace,
): Promise<Uint8Array> {
  let found: Inflated;
  try {
    found = await inflateRawAsync(packed, entry.size);
  } catch (error) {
    throw memberError(error, entry, place);
  }
  checkConsumed(found.consumed, entry, place);
  return found.bytes;
}
