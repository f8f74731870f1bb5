import { ArchiveError, LimitError, UnsupportedError } from "../../errors.ts";
import { type Limits, limitText } from "../../base/limits.ts";
import { IN_ZIP64_16, IN_ZIP64_32, type ZipEnd } from "./_end.ts";
import type { FoundEntry } from "./_entries.ts";
import type { ZipView } from "./_tail_reader.ts";
import { crc32 } from "../../platform/zlib.ts";
import { unmarkedPath, utf8Path } from "./_path.ts";

/** Length of a header of the directory without its three texts. */
export const CENTRAL_HEADER = 46;

interface Layout {
  readonly size: number;
  readonly packedSize: number;
  readonly offset: number;
  readonly disk: number;
}

const UTF8_BIT = 1 << 11;
const TYPE_MASK = 0o170000;
const LINK_TYPE = 0o120000;
const ZIP64_EXTRA = 0x0001;
const UNICODE_PATH_EXTRA = 0x7075;
/** Version and CRC in front of a Unicode path. */
const UNICODE_PATH_HEAD = 5;

/**
 * Reads an entry from its header in the directory (APPNOTE 4.3.12), with the
 * numbers of its Zip64 field (4.5.3) and its Unicode path (4.6.9).
 *
 * @param at Byte of the directory where the header starts; it ends inside.
 * @throws {ArchiveError} If the entry is in another part of a split zip, its path
 * is no text, or an extra field that is needed is missing, cut short or repeated.
 */
export function centralEntry(
  view: ZipView,
  at: number,
  { offset: limit, shift }: ZipEnd,
): FoundEntry {
  const { size, packedSize, offset, disk } = layoutOf(view, at);
  const nameEnd = at + CENTRAL_HEADER + view.u16(at + 28);
  const rawPath = view.bytes.subarray(at + CENTRAL_HEADER, nameEnd);
  const entry: FoundEntry = {
    path: pathOf(view, at, rawPath),
    size,
    packedSize,
    crc32: view.u32(at + 16),
    method: view.u16(at + 10),
    flags: view.u16(at + 8),
    // The upper half of the external attributes: mode of a Unix file.
    isLink: (view.u16(at + 40) & TYPE_MASK) === LINK_TYPE,
    offset: offset + shift,
    limit,
    rawPath,
    extraLength: view.u16(at + 30),
  };
  if (disk === 0) return entry;
  throw new ArchiveError(
    "Cannot open zip: it lies in another part of a split",
    { archive: view.archive, member: entry.path, offset: entry.offset },
  );
}

function layoutOf(view: ZipView, at: number): Layout {
  const layout = {
    size: view.u32(at + 24),
    packedSize: view.u32(at + 20),
    offset: view.u32(at + 42),
    disk: view.u16(at + 34),
  };
  const length = (layout.size === IN_ZIP64_32 ? 8 : 0) +
    (layout.packedSize === IN_ZIP64_32 ? 8 : 0) +
    (layout.offset === IN_ZIP64_32 ? 8 : 0) +
    (layout.disk === IN_ZIP64_16 ? 4 : 0);
  return length === 0 ? layout : zip64Layout(view, at, layout, length);
}

// Only the numbers that do not fit in the header, in this order.
function zip64Layout(
  view: ZipView,
  at: number,
  layout: Layout,
  length: number,
): Layout {
  const start = extraField(view, at, ZIP64_EXTRA);
  if (start === undefined || view.u16(start - 2) < length) {
    throw view.fault("missing zip64 extra field", at);
  }
  let next = start;
  const u64 = (value: number): number => {
    if (value !== IN_ZIP64_32) return value;
    next += 8;
    return view.u64(next - 8);
  };
  const size = u64(layout.size);
  const packedSize = u64(layout.packedSize);
  const offset = u64(layout.offset);
  const disk = layout.disk === IN_ZIP64_16 ? view.u32(next) : layout.disk;
  return { size, packedSize, offset, disk };
}

function pathOf(view: ZipView, at: number, raw: Uint8Array): string {
  try {
    if ((view.u16(at + 8) & UTF8_BIT) !== 0) return utf8Path(raw);
    const unicode = unicodePath(view, at, raw);
    return unicode === undefined ? unmarkedPath(raw) : utf8Path(unicode);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw view.fault("a path is no UTF-8", at + CENTRAL_HEADER, error);
  }
}

// Valid only if its CRC is that of this path.
function unicodePath(
  view: ZipView,
  at: number,
  raw: Uint8Array,
): Uint8Array | undefined {
  const start = extraField(view, at, UNICODE_PATH_EXTRA);
  if (start === undefined) return undefined;
  const length = view.u16(start - 2);
  if (length < UNICODE_PATH_HEAD || view.bytes[start] !== 1) return undefined;
  if (view.u32(start + 1) !== crc32(raw)) return undefined;
  return view.bytes.subarray(start + UNICODE_PATH_HEAD, start + length);
}

// Byte where the data of an extra field of a kind start, APPNOTE 4.5.1. Faults in
// fields of other kinds are ignored.
function extraField(
  view: ZipView,
  at: number,
  kind: number,
): number | undefined {
  let field = at + CENTRAL_HEADER + view.u16(at + 28);
  const end = field + view.u16(at + 30);
  let found: number | undefined;
  while (field + 4 <= end) {
    const data = field + 4;
    const next = data + view.u16(field + 2);
    if (view.u16(field) === kind) {
      if (next > end) throw view.fault("an extra field is cut short", field);
      if (found !== undefined) {
        throw view.fault("an extra field is there twice", field);
      }
      found = data;
    }
    field = next;
  }
  return found;
}

/** First bytes of a header of the directory, APPNOTE 4.3.12. */
export const CENTRAL_SIGNATURE = 0x02014b50;

/** First bytes of one that is encrypted, APPNOTE 4.3.11. */
const EXTRA_DATA_SIGNATURE = 0x08064b50;
const DIGITAL_SIGNATURE = 0x05054b50;
/** Counts have 16 bits and wrap. */
const COUNTS = 2 ** 16;

/**
 * Reads the entries of a directory in its order, folders included.
 *
 * @param view All bytes of the directory.
 * @param end End of the zip, which describes the directory.
 * @throws {ArchiveError} If its headers do not fill it, are not as many as the
 * end counts, or one cannot be read.
 * @throws {UnsupportedError} If it is encrypted.
 * @throws {LimitError} If it lists more than the limits allow.
 */
export function centralEntries(
  view: ZipView,
  end: ZipEnd,
  limits: Limits,
): FoundEntry[] {
  if (view.isSignature(EXTRA_DATA_SIGNATURE, 0)) throw encryptedError(view);
  const found: FoundEntry[] = [];
  for (let at = 0; at < view.length && !isDigitalSignature(view, at);) {
    const next = headerEnd(view, at);
    const entry = centralEntry(view, at, end);
    if (found.length === limits.members) {
      throw tooManyError(view, limits, entry);
    }
    found.push(entry);
    at = next;
  }
  const counted = end.isZip64 ? found.length : found.length % COUNTS;
  if (counted === end.count) return found;
  throw view.fault(
    `its directory lists ${found.length} files and folders, expected ` +
      `${end.count}`,
    0,
  );
}

function headerEnd(view: ZipView, at: number): number {
  if (
    view.isSignature(CENTRAL_SIGNATURE, at) &&
    at + CENTRAL_HEADER <= view.length
  ) {
    const end = at + CENTRAL_HEADER + view.u16(at + 28) + view.u16(at + 30) +
      view.u16(at + 32);
    if (end <= view.length) return end;
  }
  throw view.fault("Central directory header not found", at);
}

// The last record of a directory, if it has one (APPNOTE 4.3.13).
function isDigitalSignature(view: ZipView, at: number): boolean {
  return view.isSignature(DIGITAL_SIGNATURE, at) && at + 6 <= view.length &&
    at + 6 + view.u16(at + 4) === view.length;
}

function encryptedError({ archive, start: offset }: ZipView): UnsupportedError {
  return new UnsupportedError(
    "Cannot open zip: Encrypted central directory is not supported",
    { archive, offset },
  );
}

function tooManyError(
  { archive }: ZipView,
  limits: Limits,
  { path: member, offset }: FoundEntry,
): LimitError {
  const rule = limitText(limits, "members");
  return new LimitError(`Cannot open zip: it lists more files: ${rule}`, {
    archive,
    member,
    offset,
  });
}
