import { Uint8ArrayReader, ZipWriter } from "@zip-js/zip-js";
import { crc32 } from "../../platform/zlib.ts";
import { deflateRaw, type Effort } from "../../platform/deflate.ts";

/** File of a synthetic release. */
export interface SyntheticMember {
  readonly path: string;
  /** Makes the bytes, once the member before it is written. */
  bytes(): Uint8Array;
  /** Whether the zip deflates the bytes or stores them unchanged. */
  readonly packing: "deflate" | "store";
  /**
   * How hard the search for matches is.
   *
   * @default {"noise"}
   */
  readonly effort?: Effort;
}

/** Options of {@linkcode writeSyntheticZip}. */
export interface SyntheticZipOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after each member. */
  readonly onMember?: (path: string) => void;
}

// A fixed date, so that the same seed gives the same bytes.
const WRITTEN = new Date(2009, 5, 1, 12);

/**
 * Writes members and their folders as a zip, as fast as the sink accepts them.
 * One member is in memory at a time.
 *
 * @returns Resolves once the sink is closed.
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
  { path, bytes, packing, effort = "noise" }: SyntheticMember,
): Promise<void> {
  const plain = bytes();
  const isStored = packing === "store";
  // zip.js only lays out the zip: it deflates at a quarter of this speed.
  const packed = isStored ? plain : deflateRaw(plain, effort);
  await writer.add(path, new Uint8ArrayReader(packed), {
    passThrough: true,
    compressionMethod: isStored ? 0 : 8,
    uncompressedSize: plain.length,
    crc32: crc32(plain),
  });
}

/** `a/`, `a/b/` for `a/b/c`. */
function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join("/") + "/");
}
