import type { ReadOptions } from "../../base/abort.ts";
import type { Limits } from "../../base/limits.ts";
import type { ByteSource } from "../bytes/byte_source.ts";
import { CENTRAL_SIGNATURE, centralEntries } from "./_central.ts";
import { LOCAL_SIGNATURE } from "./_data.ts";
import { findZipEnd, type ZipEnd } from "./_end.ts";
import { type FoundEntry, zipEntries, type ZipEntry } from "./_entries.ts";
import { TailReader, type ZipView } from "./_tail_reader.ts";

/**
 * The directory of a zip, PKWARE APPNOTE 6.3.10.
 *
 * zip.js 2.24 reads more kinds of zip, but keeps some 10 kB of objects per entry
 * (measured): for 4,161 members most of the memory of a process. Tests use it as
 * the reference.
 *
 * @module
 */

/**
 * Reads the directory of a zip and nothing else: in one read if it lies in the last
 * 64 KiB, which are searched for its end, otherwise in two or a few.
 *
 * A directory that could be read in two ways is refused: data after its end,
 * entries that it does not count, offsets that disagree. A program before the zip
 * (self-extracting) is skipped.
 *
 * @returns Files in the directory's order.
 * @throws {ArchiveError} If this is no zip, or its directory is damaged.
 * @throws {UnsupportedError} If the directory is encrypted or the zip split.
 * @throws {LimitError} If it claims to be larger, or to list more files, than
 * the limits allow.
 */
export async function readZipDirectory(
  source: ByteSource,
  limits: Limits,
  { signal }: ReadOptions = {},
): Promise<ZipEntry[]> {
  signal?.throwIfAborted();
  const reader = new TailReader(source, limits, { signal });
  const end = await findZipEnd(reader);
  const view = await reader.read(end.offset, end.length);
  const found = centralEntries(view, end, limits);
  if (end.shift > 0) await checkShift(reader, view, end, found);
  return zipEntries(found, limits, source.name);
}

// Offsets that are too small belong to a zip after a program, or are damaged: the
// first entry whose local header is in one of the two places decides.
async function checkShift(
  reader: TailReader,
  view: ZipView,
  { offset, shift }: ZipEnd,
  found: readonly FoundEntry[],
): Promise<void> {
  if (await reader.isSignature(CENTRAL_SIGNATURE, offset - shift)) {
    throw view.fault("prepended central directory", 0);
  }
  for (const entry of found) {
    const at = entry.offset;
    const isShifted = await reader.isSignature(LOCAL_SIGNATURE, at);
    const isPlain = await reader.isSignature(LOCAL_SIGNATURE, at - shift);
    if (isShifted && !isPlain) return;
    if (isPlain && !isShifted) {
      throw view.fault("mismatched central directory offset", 0);
    }
  }
}
