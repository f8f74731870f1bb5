import { DEFAULT_LIMITS } from "../limits.ts";
import type { Archive, ArchiveOptions } from "./archive.ts";
import type { ByteSource } from "./_byte_source.ts";
import { indexedArchive } from "./_indexed_archive.ts";
import { pullStream } from "./_pull_stream.ts";
import { readZipDirectory } from "./_zip_directory.ts";
import { readZipMember } from "./_zip_member.ts";
import { zipMemberPieces } from "./_zip_stream.ts";
import { zipStretch } from "./_zip_data.ts";

/**
 * A zip over any {@linkcode ByteSource}: reads its directory, then members as
 * they are asked for.
 *
 * @throws {DataError} As {@linkcode readZipDirectory} says.
 */
export async function zipArchive(
  source: ByteSource,
  { signal, limits = DEFAULT_LIMITS }: ArchiveOptions = {},
): Promise<Archive> {
  const entries = await readZipDirectory(source, limits, { signal });
  return indexedArchive(source.name, entries, limits, {
    read: (entry, options): Promise<Uint8Array> =>
      readZipMember(source, entry, limits, options),
    stream: (entry, options): ReadableStream<Uint8Array> =>
      pullStream(
        (signal) => zipMemberPieces(source, entry, limits, { signal }),
        options,
      ),
    expect: (entries, reads): void =>
      source.expect?.(
        entries.map((entry) => ({ ...zipStretch(entry), reads })),
      ),
  });
}
