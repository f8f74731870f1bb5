import { UnsupportedError } from "../../errors.ts";
import { DOWNLOAD_AGAIN } from "../archive.ts";
import type { TailReader, ZipView } from "./_tail_reader.ts";

/** Field of 16 or 32 bits whose number is in the Zip64 record. */
export const IN_ZIP64_16 = 0xffff;
export const IN_ZIP64_32 = 0xffffffff;

/** Directory as the end of a zip describes it. */
export interface ZipEnd {
  /** Byte where the directory starts. */
  readonly offset: number;
  /** Length of the directory in bytes. */
  readonly length: number;
  /** Number of entries. */
  readonly count: number;
  /** Whether the count is whole; without Zip64 it has 16 bits and wraps. */
  readonly isZip64: boolean;
  /** Bytes before the zip, which its own offsets do not count. */
  readonly shift: number;
}

/** Fields that both end records have, APPNOTE 4.3.14 and 4.3.16. */
interface EndFields {
  readonly disk: number;
  readonly directoryDisk: number;
  readonly count: number;
  readonly length: number;
  readonly offset: number;
}

/** The Zip64 end record and its locator. */
interface Zip64End {
  readonly fields: EndFields;
  /** Bytes of both. */
  readonly length: number;
  /** Bytes by which they follow the place that the locator gives. */
  readonly shift: number;
}

const END_SIGNATURE = 0x06054b50;
const END_LENGTH = 22;
const MAX_COMMENT = 0xffff;
const ZIP64_SIGNATURE = 0x06064b50;
const ZIP64_LENGTH = 56;
/** The record's own length leaves out its first 12 bytes, APPNOTE 4.3.14.1. */
const ZIP64_REST = ZIP64_LENGTH - 12;
const LOCATOR_SIGNATURE = 0x07064b50;
const LOCATOR_LENGTH = 20;
/** First bytes of a file of a split zip, APPNOTE 8.5.3. */
const SPLIT_SIGNATURE = 0x08074b50;

/**
 * Finds the directory of a zip from its end: the end record in the last 64 KiB
 * (APPNOTE 4.3.16), and before it the Zip64 one and its locator (4.3.14, 4.3.15),
 * needed or not (Info-ZIP writes spare ones to a pipe).
 *
 * The records follow one another, and the directory ends where they begin. A zip
 * with gaps could be read in two ways and is refused. A program before the zip is
 * allowed: all offsets are then too small by its length.
 *
 * @throws {ArchiveError} If there is no end, several, or a damaged one.
 * @throws {UnsupportedError} If the zip is split, or its directory encrypted.
 */
export async function findZipEnd(reader: TailReader): Promise<ZipEnd> {
  const length = Math.min(reader.size, END_LENGTH + MAX_COMMENT);
  const tail = await reader.read(reader.size - length, length);
  const at = findEnd(tail);
  if (at === undefined) throw await noEndError(reader, tail);
  const near = endFields(tail, at);
  const far = await readZip64(reader, tail.start + at, near);
  const fields = far === undefined ? near : merged(near, far.fields, tail, at);
  if (fields.disk !== 0 || fields.directoryDisk !== 0) throw splitError(tail);
  const end = tail.start + at - (far === undefined ? 0 : far.length);
  const offset = end - fields.length;
  const shift = offset - fields.offset;
  const isOff = far !== undefined && far.shift !== shift;
  if (offset < 0 || shift < 0 || isOff) {
    throw tail.fault(
      `mismatched central directory offset: ${fields.length} bytes from byte ` +
        `${fields.offset} on do not end at byte ${end}`,
      at,
    );
  }
  const isZip64 = far !== undefined;
  return { offset, length: fields.length, count: fields.count, isZip64, shift };
}

function findEnd(tail: ZipView): number | undefined {
  const ends: number[] = [];
  let last: number | undefined;
  for (let at = tail.length - END_LENGTH; at >= 0; at--) {
    if (tail.u32(at) !== END_SIGNATURE) continue;
    last ??= at;
    if (at + END_LENGTH + tail.u16(at + 20) === tail.length) ends.push(at);
  }
  const [end, another] = ends;
  if (another !== undefined) {
    throw tail.fault("multiple end of central directory records", another);
  }
  if (end !== undefined || last === undefined) return end;
  const excess = tail.length - (last + END_LENGTH + tail.u16(last + 20));
  throw tail.fault(
    excess < 0
      ? `it is cut short${DOWNLOAD_AGAIN}`
      : `appended data: ${excess} bytes`,
    last,
  );
}

async function noEndError(reader: TailReader, tail: ZipView): Promise<Error> {
  if (await reader.isSignature(SPLIT_SIGNATURE, 0)) return splitError(tail);
  return tail.fault(
    "no directory at its end, it is no zip or is cut short" + DOWNLOAD_AGAIN,
    0,
  );
}

function splitError({ archive, start }: ZipView): UnsupportedError {
  return new UnsupportedError("Cannot open zip: Split zip file", {
    archive,
    offset: start,
  });
}

function endFields(view: ZipView, at: number): EndFields {
  return {
    disk: view.u16(at + 4),
    directoryDisk: view.u16(at + 6),
    count: view.u16(at + 10),
    length: view.u32(at + 12),
    offset: view.u32(at + 16),
  };
}

function zip64Fields(view: ZipView): EndFields {
  return {
    disk: view.u32(16),
    directoryDisk: view.u32(20),
    count: view.u64(32),
    length: view.u64(40),
    offset: view.u64(48),
  };
}

async function readZip64(
  reader: TailReader,
  end: number,
  near: EndFields,
): Promise<Zip64End | undefined> {
  const length = ZIP64_LENGTH + LOCATOR_LENGTH;
  const start = Math.max(0, end - length);
  const view = await reader.read(start, end - start);
  const locator = view.length - LOCATOR_LENGTH;
  const isLocated = view.isSignature(LOCATOR_SIGNATURE, locator);
  const isThere = view.length === length &&
    view.isSignature(ZIP64_SIGNATURE, 0);
  if (!isLocated || !isThere) {
    if (!isNeeded(near) || (!isLocated && isCountAlone(near))) return undefined;
    if (isLocated) await refuseExtensible(reader, view, locator);
    throw view.fault("End of Zip64 central directory locator not found", 0);
  }
  if (view.u64(4) !== ZIP64_REST) {
    throw view.fault(`its Zip64 end has a length of ${view.u64(4)}`, 4);
  }
  if (view.u32(locator + 4) !== 0) throw splitError(view);
  const shift = start - view.u64(locator + 8);
  return { fields: zip64Fields(view), length, shift };
}

function isNeeded(
  { directoryDisk, count, length, offset }: EndFields,
): boolean {
  return directoryDisk === IN_ZIP64_16 || count === IN_ZIP64_16 ||
    length === IN_ZIP64_32 || offset === IN_ZIP64_32;
}

// A zip may have exactly 65,535 entries.
function isCountAlone(near: EndFields): boolean {
  return !isNeeded({ ...near, count: 0 });
}

// Version 2 of the record describes an encrypted directory, APPNOTE 7.3.4.
async function refuseExtensible(
  reader: TailReader,
  view: ZipView,
  locator: number,
): Promise<void> {
  const offset = view.u64(locator + 8);
  if (!await reader.isSignature(ZIP64_SIGNATURE, offset)) return;
  throw new UnsupportedError(
    "Cannot open zip: its Zip64 end holds more than is read: Encrypted " +
      "central directory is not supported",
    { archive: view.archive, offset },
  );
}

// The Zip64 record must agree with the plain one.
function merged(
  near: EndFields,
  far: EndFields,
  tail: ZipView,
  at: number,
): EndFields {
  for (const name of Object.keys(near) as (keyof EndFields)[]) {
    const isWide = name === "length" || name === "offset";
    const inZip64 = isWide ? IN_ZIP64_32 : IN_ZIP64_16;
    if (near[name] === inZip64 || near[name] === far[name]) continue;
    throw tail.fault(
      "mismatched zip64 end of central directory record: " +
        `${name} is ${near[name]} and ${far[name]}`,
      at,
    );
  }
  return far;
}
