import { DEFAULT_LIMITS, type Limits } from "../../base/limits.ts";
import { DOWNLOAD_AGAIN } from "../archive.ts";
import { gunzippedPieces } from "./_gzip.ts";
import {
  paxExtended,
  TAR_BLOCK,
  type TarExtended,
  type TarHeader,
  tarHeader,
  tarText,
} from "./_header.ts";
import { TarInput } from "./_input.ts";
import { TarPaths } from "./_paths.ts";

/** File of a tarball. */
export interface TgzMember {
  /** Path inside the tarball, parts divided by `/`. */
  readonly path: string;
  /** Content, in a buffer of its own. */
  readonly bytes: Uint8Array;
}

/** Options of {@linkcode tgzMembers}. */
export interface TgzOptions {
  /** Path or address of the archive that has the tarball, as errors name it. */
  readonly archive?: string | undefined;
  /** Path of the tarball in that archive, as errors name it. */
  readonly member?: string | undefined;
  /** Ends the reading early: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Most that the tarball may claim.
   *
   * @default {DEFAULT_LIMITS}
   */
  readonly limits?: Limits;
}

interface TarEntry extends TarHeader {
  readonly isSparse: boolean;
}

const FOLDER = "5";

/**
 * Reads files of a gzipped tarball from a stream of its bytes, in order. Leaving
 * the loop cancels the stream.
 *
 * Memory holds one file and pieces of 256 KiB; other files are skipped piece by
 * piece. The checksum comes at the end: a loop that is left early has checked
 * tar's headers only.
 *
 * Reads POSIX (`ustar`, PAX) and GNU headers; several gzip members in a row are
 * one. Folders are skipped. Links, devices and pipes are refused, wanted or not.
 *
 * - Source: POSIX.1-2017, pax; RFC 1952. modern-tar 0.8.6 (530 MB/s over the same
 *   gunzip, this 650) accepts `..`, damaged PAX records and foreign headers, and
 *   its errors have neither class nor place.
 * - Offsets in errors are bytes of the tarball for faults of gzip ("Cannot read
 *   gzip"), of the unpacked tar for faults of tar ("Cannot read tar").
 *
 * @param stream Bytes of the tarball.
 * @param want Whether to yield the file of a path. It is called with folders, too:
 * a folder that is wanted is refused.
 * @param options Names for errors, and the limits.
 * @throws {ArchiveError} If gzip or tar is damaged or cut short, a path leads
 * outside, two files have one path or paths that differ in case alone, there is a
 * link or a device, or a wanted entry is no regular file. Errors of the stream
 * are thrown unchanged.
 * @throws {LimitError} If it claims more than the limits allow.
 */
export function tgzMembers(
  stream: ReadableStream<Uint8Array>,
  want: (path: string) => boolean,
  options: TgzOptions = {},
): AsyncGenerator<TgzMember> {
  const { archive, member, signal, limits = DEFAULT_LIMITS } = options;
  const place = { archive, member };
  return members();

  async function* members(): AsyncGenerator<TgzMember> {
    const pieces = gunzippedPieces(stream, place, { signal });
    const input = new TarInput(pieces, limits, place);
    try {
      yield* wantedMembers(input, want);
    } finally {
      await pieces.return(undefined);
    }
  }
}

async function* wantedMembers(
  input: TarInput,
  want: (path: string) => boolean,
): AsyncGenerator<TgzMember> {
  const paths = new TarPaths(input);
  for await (const entry of tarEntries(input)) {
    const { path, size, type, at } = entry;
    const isTop = path === "" && type === FOLDER;
    if (!isTop) paths.check(entry);
    const isWanted = !isTop && want(path);
    if (isWanted) checkWanted(entry, input);
    input.inside = `"${path}"`;
    // A folder has no body, whatever its size says.
    const body = type === FOLDER ? 0 : size;
    if (body > input.limits.tarballBytes - input.position) {
      const why = `"${path}" ends at byte ${input.position + body}`;
      throw input.excessive(why, "tarballBytes", at);
    }
    const bytes = isWanted ? await input.take(body) : undefined;
    await input.skip(isWanted ? padding(body) : body + padding(body));
    input.inside = "a header";
    if (bytes !== undefined) yield { path, bytes };
  }
}

/** Entries with their extended headers applied; the caller reads the bodies. */
async function* tarEntries(input: TarInput): AsyncGenerator<TarEntry> {
  let always: TarExtended = {};
  let next: TarExtended | undefined;
  for (;;) {
    const header = await nextHeader(input);
    if (header === undefined) break;
    if ("xgLK".includes(header.type)) {
      const fields = await extendedBody(header, input);
      if (header.type === "g") always = { ...always, ...fields };
      else next = { ...next, ...fields };
      continue;
    }
    const { isSparse = false, ...fields } = { ...always, ...next };
    next = undefined;
    yield { ...header, ...normalized({ ...header, ...fields }), isSparse };
  }
  if (next === undefined) return;
  throw input.malformed("the last entry is missing", input.position);
}

async function nextHeader(input: TarInput): Promise<TarHeader | undefined> {
  const at = input.position;
  if (!await input.hasMore()) throw endError(input, at);
  const block = await input.take(TAR_BLOCK);
  if (!isZero(block)) return tarHeader(block, at, input);
  if (!await input.hasMore()) throw endError(input, at);
  while (await input.hasMore()) {
    const start = input.position;
    if (isZero(await input.take(TAR_BLOCK))) continue;
    throw input.malformed("something follows its end", start);
  }
  return undefined;
}

function endError(input: TarInput, at: number): Error {
  return input.malformed(`its end is missing${DOWNLOAD_AGAIN}`, at);
}

async function extendedBody(
  { type, size, at }: TarHeader,
  input: TarInput,
): Promise<TarExtended> {
  if (size > input.limits.textLength) {
    const why = `an extended header has ${size} bytes`;
    throw input.excessive(why, "textLength", at);
  }
  const start = input.position;
  const body = await input.take(size);
  await input.skip(padding(size));
  if (type === "L") return { path: tarText(body, start, input) };
  return type === "K" ? {} : paxExtended(body, start, input);
}

/** Removes the `./` that tar writes before a path and the `/` after folders. */
function normalized(
  { path, size, type }: { path: string; size: number; type: string },
): { path: string; size: number; type: string } {
  const isFolder = type === FOLDER || (type === "0" && path.endsWith("/"));
  const inner = path.replace(/^(\.\/+)+|^\.$/, "");
  return {
    path: isFolder ? inner.replace(/\/$/, "") : inner,
    size,
    type: isFolder ? FOLDER : type,
  };
}

function checkWanted(
  { path, size, type, at, isSparse }: TarEntry,
  input: TarInput,
): void {
  if (type !== "0" || isSparse) {
    throw input.malformed(`"${path}" is no regular file`, at);
  }
  if (size <= input.limits.memberBytes) return;
  throw input.excessive(`"${path}" has ${size} bytes`, "memberBytes", at);
}

function padding(size: number): number {
  return (TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK;
}

function isZero(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}
