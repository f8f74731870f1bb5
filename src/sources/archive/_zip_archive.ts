import type { ReadOptions } from "../../session.ts";
import type { Archive } from "./archive.ts";
import type { ByteSource } from "./_byte_source.ts";
import { indexedArchive } from "./_indexed_archive.ts";
import { pullStream } from "./_pull_stream.ts";
import { readZipDirectory } from "./_zip_directory.ts";
import { readZipMember } from "./_zip_member.ts";
import { zipMemberPieces } from "./_zip_stream.ts";

/**
 * A zip over any {@linkcode ByteSource}: reads its directory, then members as
 * they are asked for.
 *
 * @throws {DataError} As {@linkcode readZipDirectory} says.
 */
export async function zipArchive(
  source: ByteSource,
  options: ReadOptions = {},
): Promise<Archive> {
  const entries = await readZipDirectory(source, options);
  return indexedArchive(source.name, entries, {
    read: (entry, options): Promise<Uint8Array> =>
      readZipMember(source, entry, options),
    stream: (entry, options): ReadableStream<Uint8Array> =>
      pullStream(
        (signal) => zipMemberPieces(source, entry, { signal }),
        options,
      ),
  });
}
