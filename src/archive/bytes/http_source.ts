import type { ReadOptions } from "../../base/abort.ts";
import { BlockCache } from "./_block_cache.ts";
import { type ByteSource, checkInside } from "./byte_source.ts";
import { HttpFile } from "../../http/ranged_file.ts";
import type { SizedVersion } from "../../http/range.ts";
import type { Sender } from "../../http/transport.ts";

/** File on a server that answers ranges. */
export interface HttpSource extends ByteSource {
  expect: NonNullable<ByteSource["expect"]>;
  /** Size and ETag, or size and time; null if the server sends neither. */
  readonly stamp: string | null;
}

/** Options of {@linkcode openHttpSource}. */
export interface HttpSourceOptions extends ReadOptions {
  /** Sends the requests. */
  readonly sender: Sender;
}

/** Longest end of a zip, comment included: its directory is sought there. */
const TAIL = 22 + 65_535;

/**
 * Opens a file on a server with one request, which also fetches its last 64 KiB.
 *
 * A {@linkcode BlockCache} turns reads into requests: at most 16 MiB are read ahead
 * and 96 MiB held. A connection that is cut is resumed where it was cut.
 *
 * - Source: RFC 9110, section 14. The version is compared at every answer, not by
 *   `If-Range`, which weak ETags do not allow.
 *
 * @param address An `http:` or `https:` address.
 * @throws {DataNotFoundError} If there is no such file.
 * @throws {UnsupportedError} If the server sends whole files only.
 * @throws {CredentialError} If the file may not be read.
 * @throws {DownloadError} If the server cannot be reached or misbehaves.
 */
export async function openHttpSource(
  address: string | URL,
  options: HttpSourceOptions,
): Promise<HttpSource> {
  const { sender, signal } = options;
  const file = new HttpFile(new URL(address), sender);
  const tail = await file.open(TAIL, signal);
  const { name, version } = file;
  const { size } = version;
  const place = { archive: name };
  const cache = new BlockCache((offset, length, signal) =>
    file.fetch(offset, length, signal)
  );
  // A directory that begins before the tail reads it once more.
  if (tail.length > 0) cache.hold(size - tail.length, tail, 2);
  return {
    name,
    size,
    stamp: stampOf(version),
    async read(offset, length, options): Promise<Uint8Array> {
      options?.signal?.throwIfAborted();
      checkInside({ size, place }, offset, length);
      return await cache.read(offset, length, options);
    },
    expect: (stretches): void => cache.expect(stretches),
  };
}

function stampOf({ size, etag, lastModified }: SizedVersion): string | null {
  const version = etag ?? lastModified;
  return version && `${size} bytes, ${version}`;
}
