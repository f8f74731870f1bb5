import { ArchiveError } from "../../errors.ts";
import type { Archive, ArchiveOptions } from "./archive.ts";
import { fileSource } from "./_byte_source.ts";
import { statPath } from "./_stat_path.ts";
import { zipArchive } from "./_zip_archive.ts";

/**
 * Opens a zip file for random access: reads its directory, and of the rest only
 * the members asked for. Nothing is extracted to disk.
 *
 * Stored and deflated members, Zip64, UTF-8 and code page 437 names, data
 * descriptors, and zips behind a program (self-extracting) are read. Length and
 * CRC-32 of every member are checked, and its local header against the
 * directory. Symbolic links, encrypted members and other compression methods
 * are listed and refused when read.
 *
 * - Source: PKWARE APPNOTE 6.3.10; members are inflated by zlib.
 * - Offsets in errors are bytes of the zip file.
 *
 * @param path Path of the zip file.
 * @param options Ends the reading of the directory early; the limits.
 * @returns The archive; nothing stays open.
 * @throws {DataNotFoundError} If the file is not there or may not be read.
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
