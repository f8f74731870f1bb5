import { Uint8ArrayReader, ZipWriter } from "@zip-js/zip-js";
import { constants, crc32, deflateRawSync } from "node:zlib";

/** A file of a synthetic release. */
export interface SyntheticMember {
  readonly path: string;
  /** Made once the member before it is written, and then let go. */
  bytes(): Uint8Array;
  /** Whether it is packed, or stored as it is. */
  readonly packing: "deflate" | "store";
}

/** Options of {@linkcode writeSyntheticZip}. */
export interface SyntheticZipOptions {
  readonly signal?: AbortSignal;
  /** Called when a member is written. */
  readonly onMember?: (path: string) => void;
}

// The clock has no part in a release: the same seed gives the same bytes.
const WRITTEN = new Date(2009, 5, 1, 12);
const NOISE_BYTES = 8192;

/**
 * Writes members as a zip, folders included, one at a time: as fast as the sink
 * takes them, and never more than one in memory.
 *
 * @returns When the sink is closed.
 */
export async function writeSyntheticZip(
  sink: WritableStream<Uint8Array>,
  members: Iterable<SyntheticMember>,
  { signal, onMember }: SyntheticZipOptions = {},
): Promise<void> {
  const writer = new ZipWriter(sink, {
    useWebWorkers: false,
    extendedTimestamp: false,
    dataDescriptor: false,
    lastModDate: WRITTEN,
  });
  const folders = new Set<string>();
  for (const member of members) {
    signal?.throwIfAborted();
    for (const folder of foldersOf(member.path)) {
      if (folders.has(folder)) continue;
      folders.add(folder);
      await writer.add(folder, undefined, { directory: true });
    }
    await add(writer, member);
    onMember?.(member.path);
  }
  signal?.throwIfAborted();
  await writer.close();
}

async function add(
  writer: ZipWriter<unknown>,
  { path, bytes, packing }: SyntheticMember,
): Promise<void> {
  const plain = bytes();
  const isStored = packing === "store";
  // zip.js deflates at a quarter of this speed: it only lays out the zip.
  const packed = isStored ? plain : deflated(plain);
  await writer.add(path, new Uint8ArrayReader(packed), {
    passThrough: true,
    compressionMethod: isStored ? 0 : 8,
    uncompressedSize: plain.length,
    crc32: crc32(plain),
  });
}

/** Recordings are noise: looking for matches only takes time. */
function deflated(bytes: Uint8Array): Uint8Array {
  return deflateRawSync(
    bytes,
    bytes.length < NOISE_BYTES
      ? { level: 6 }
      : { level: 1, strategy: constants.Z_HUFFMAN_ONLY },
  );
}

/** `a/`, `a/b/` for `a/b/c`. */
function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join("/") + "/");
}
