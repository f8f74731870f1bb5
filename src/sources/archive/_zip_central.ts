import { LimitError, UnsupportedError } from "../../errors.ts";
import { limitText } from "../_checked_limits.ts";
import type { Limits } from "../limits.ts";
import { CENTRAL_HEADER, centralEntry } from "./_zip_central_entry.ts";
import type { ZipEnd } from "./_zip_end.ts";
import type { FoundEntry } from "./_zip_entries.ts";
import type { ZipView } from "./_zip_view.ts";

/** First bytes of a header of the directory, APPNOTE 4.3.12. */
export const CENTRAL_SIGNATURE = 0x02014b50;

/** First bytes of one that is encrypted, APPNOTE 4.3.11. */
const EXTRA_DATA_SIGNATURE = 0x08064b50;
const DIGITAL_SIGNATURE = 0x05054b50;
/** Counts of 16 bits wrap. */
const COUNTS = 2 ** 16;

/**
 * The entries of a directory in its order, folders included.
 *
 * @param view All bytes of the directory.
 * @param end What the end of the zip says of it.
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
  if (view.isSignature(EXTRA_DATA_SIGNATURE, 0)) throw encrypted(view);
  const found: FoundEntry[] = [];
  for (let at = 0; at < view.length && !isDigitalSignature(view, at);) {
    const next = headerEnd(view, at);
    const entry = centralEntry(view, at, end);
    if (found.length === limits.members) throw tooMany(view, limits, entry);
    found.push(entry);
    at = next;
  }
  const counted = end.isZip64 ? found.length : found.length % COUNTS;
  if (counted === end.count) return found;
  throw view.fault(
    `its directory lists ${found.length} files and folders, and is said to ` +
      `list ${end.count}`,
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

function encrypted({ archive, start: offset }: ZipView): UnsupportedError {
  return new UnsupportedError(
    "Cannot open zip: Encrypted central directory is not supported",
    { archive, offset },
  );
}

function tooMany(
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
