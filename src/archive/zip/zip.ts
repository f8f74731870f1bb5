import { ArchiveError } from "../../errors.ts";
import type { Archive, ArchiveOptions } from "../archive.ts";
import { type ByteSource, fileSource, statPath } from "../bytes/byte_source.ts";
import type { HttpSourceOptions } from "../bytes/http_source.ts";
import { DEFAULT_LIMITS } from "../../base/limits.ts";
import { indexedArchive } from "../indexed_archive.ts";
import { pullStream } from "../bytes/pull_stream.ts";
import { readZipDirectory } from "./_directory.ts";
import { readZipMember, zipMemberPieces } from "./_member.ts";
import { readZipData, zipStretch } from "./_data.ts";

/** Options of {@linkcode openHttpZip}. */
export interface HttpZipOptions extends ArchiveOptions, HttpSourceOptions {}

/** Zip on a server. */
export interface HttpZip {
  readonly archive: Archive;
  /** Size and ETag or time of the zip; null if the server sends neither. */
  readonly stamp: string | null;
}

/**
 * Opens a zip on a server as {@linkcode openZip} opens a file: with one request if
 * its directory lies in its last 64 KiB, with two up to 512 KiB before that.
 * Members are fetched by ranges; those announced by {@linkcode Archive.expect} are
 * fetched with their neighbours.
 *
 * @param address Address of the zip.
 * @param options Ends the opening early; the limits.
 * @throws {DataError} As {@linkcode openHttpSource} and {@linkcode openZip} say.
 */
export async function openHttpZip(
  address: string | URL,
  options: HttpZipOptions,
): Promise<HttpZip> {
  // Loaded only now: most programs read files.
  const { openHttpSource } = await import("../bytes/http_source.ts");
  const source = await openHttpSource(address, options);
  return { archive: await zipArchive(source, options), stamp: source.stamp };
}

/**
 * Zip over any {@linkcode ByteSource}: reads its directory at once, members on
 * demand.
 *
 * @throws {DataError} As {@linkcode readZipDirectory} says.
 */
export async function zipArchive(
  source: ByteSource,
  { signal, limits = DEFAULT_LIMITS }: ArchiveOptions = {},
): Promise<Archive> {
  const entries = await readZipDirectory(source, limits, { signal });
  return indexedArchive(source.name, entries, limits, {
    version: (entry) => entry.crc32,
    read: (entry, options): Promise<Uint8Array> =>
      readZipMember(source, entry, limits, options),
    stream: (entry, options): ReadableStream<Uint8Array> =>
      pullStream(
        (signal) => zipMemberPieces(source, entry, limits, { signal }),
        options,
      ),
    async check(entry, options): Promise<void> {
      await readZipData(source, entry, 0, options);
    },
    expect: (entries, reads): void =>
      source.expect?.(
        entries.map((entry) => ({ ...zipStretch(entry), reads })),
      ),
  });
}

/**
 * Opens a zip file for random access: reads its directory, then members on demand.
 * Nothing is extracted to disk.
 *
 * Reads stored and deflated members, Zip64, names in UTF-8 and code page 437, data
 * descriptors, and zips after a program (self-extracting). Checks length and CRC-32
 * of every member, and its local header against the directory. Symbolic links,
 * encrypted members and other compression methods are listed, and refused when
 * read.
 *
 * - Source: PKWARE APPNOTE 6.3.10; zlib inflates the members.
 * - Offsets in errors are bytes of the zip file.
 *
 * @param path Path of the zip file.
 * @param options Ends the reading of the directory early; the limits.
 * @throws {DataNotFoundError} If the file does not exist or may not be read.
 * @throws {ArchiveError} If it is no zip, is cut short, or its directory is
 * damaged or ambiguous: two files of one path, or of paths that differ in case
 * alone, a path that leads outside.
 * @throws {UnsupportedError} If its directory is encrypted, or it is split.
 * @throws {LimitError} If its directory claims more than the limits allow.
 */
export async function openZip(
  path: string,
  options: ArchiveOptions = {},
): Promise<Archive> {
  const { isFile, size } = await statPath("open zip", path, options);
  if (!isFile) {
    throw new ArchiveError("Cannot open zip: it is no file", { archive: path });
  }
  return await zipArchive(fileSource(path, size), options);
}
