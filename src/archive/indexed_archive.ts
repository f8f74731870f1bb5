import { DataNotFoundError } from "../errors.ts";
import { crc32 } from "../platform/zlib.ts";
import type { ReadOptions } from "../base/abort.ts";
import type { Limits } from "../base/limits.ts";
import type { Archive, Member, MemberPlace } from "./archive.ts";

/** Reads the members of an {@linkcode indexedArchive}. */
export interface EntryReader<E extends Member> {
  /** Reads a whole member. */
  read(entry: E, options: ReadOptions): Promise<Uint8Array>;
  /** Reads a member piece by piece. */
  stream(entry: E, options: ReadOptions): ReadableStream<Uint8Array>;
  /** Checks the header of an entry, if it has one of its own. */
  check?(entry: E, options: ReadOptions): Promise<void>;
  /** Place of an entry, unless it is in this archive under its own path. */
  locate?(entry: E): MemberPlace;
  /** CRC-32 of an entry's content, or the time of its last change. */
  version?(entry: E): number;
  /** Describes the whole archive, in place of a checksum of its entries. */
  stamp?(): string;
  /** Receives the reads that will come, with the number of each. */
  expect?(entries: readonly E[], reads: number): void;
}

/**
 * Archive over a list of entries: finds them by path, and refuses missing members
 * and aborted reads before anything is opened.
 *
 * @param name Path or address, as errors name it.
 * @param entries Every file, no path twice.
 * @param limits Most that the members may claim.
 * @param reader Reads the entries.
 */
export function indexedArchive<E extends Member>(
  name: string,
  entries: readonly E[],
  limits: Limits,
  reader: EntryReader<E>,
): Archive {
  const members = entries.map(({ path, size }) => ({ path, size }));
  let stamp: string | undefined;
  const index = new Map(entries.map((entry) => [entry.path, entry]));

  function find(path: string, { signal }: ReadOptions): E {
    signal?.throwIfAborted();
    const entry = index.get(path);
    if (entry !== undefined) return entry;
    throw new DataNotFoundError("Cannot read member: there is none", {
      archive: name,
      member: path,
    });
  }

  return {
    name,
    limits,
    members,
    get stamp(): string {
      return stamp ??= reader.stamp?.() ?? stampOf(entries, reader);
    },
    locate(path): MemberPlace {
      const entry = index.get(path);
      const elsewhere = entry && reader.locate?.(entry);
      return elsewhere ?? { archive: name, member: path };
    },
    async read(path, options = {}): Promise<Uint8Array> {
      return await reader.read(find(path, options), options);
    },
    stream(path, options = {}): ReadableStream<Uint8Array> {
      try {
        return reader.stream(find(path, options), options);
      } catch (error) {
        return failedStream(error);
      }
    },
    async check(path, options = {}): Promise<void> {
      await reader.check?.(find(path, options), options);
    },
    expect(paths, reads = 1): void {
      const listed = paths.map((path) => index.get(path));
      reader.expect?.(listed.filter((entry) => entry !== undefined), reads);
    },
  };
}

function failedStream(error: unknown): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.error(error) });
}

function stampOf<E extends Member>(
  entries: readonly E[],
  reader: EntryReader<E>,
): string {
  const encoder = new TextEncoder();
  let sum = 0;
  let bytes = 0;
  for (const entry of entries) {
    const { path, size } = entry;
    const line = JSON.stringify([path, size, reader.version?.(entry)]);
    sum = crc32(encoder.encode(line), sum);
    bytes += size;
  }
  const checksum = sum.toString(16).padStart(8, "0");
  return `${entries.length} files of ${bytes} bytes (${checksum})`;
}
