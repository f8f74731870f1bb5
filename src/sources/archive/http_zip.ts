import type { Archive, ArchiveOptions } from "./archive.ts";
import { type HttpSourceOptions, openHttpSource } from "./http_source.ts";
import { zipArchive } from "./_zip_archive.ts";

/** Options of {@linkcode openHttpZip}. */
export interface HttpZipOptions extends ArchiveOptions, HttpSourceOptions {}

/** A zip on a server. */
export interface HttpZip {
  readonly archive: Archive;
  /** Size, ETag and time of the zip; null where the server does not tell. */
  readonly stamp: string | null;
}

/**
 * Opens a zip on a server as {@linkcode openZip} opens a file: one request if
 * its directory lies in its last 64 KiB, two up to 512 KiB before that. Members
 * come by ranges; those that {@linkcode Archive.expect} is told of come with
 * their neighbours.
 *
 * @param address Address of the zip.
 * @param options Ends the opening early; the limits.
 * @throws {DataError} As {@linkcode openHttpSource} and {@linkcode openZip} say.
 */
export async function openHttpZip(
  address: string | URL,
  options: HttpZipOptions = {},
): Promise<HttpZip> {
  const source = await openHttpSource(address, options);
  return { archive: await zipArchive(source, options), stamp: source.stamp };
}
