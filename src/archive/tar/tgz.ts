import { DEFAULT_LIMITS, type Limits } from "../../base/limits.ts";
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

/** A file of a tarball. */
export interface TgzMember {
  /** Path inside the tarball, parts divided by `/`. */
  readonly path: string;
  /** Its bytes, in a buffer of their own. */
  readonly bytes: Uint8Array;
}

/** Options of {@linkcode tgzMembers}. */
export interface TgzOptions {
  /** Path or address of what holds the tarball, as errors name it. */
  readonly archive?: string;
  /** Path of the tarball in it, as errors name it. */
  readonly member?: string;
  /** Ends the reading early: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The most that it may claim.
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
 * Reads files of a gzipped tarball from a stream of its bytes, in their order.
 * Who leaves the loop leaves the rest of the stream unread: it is cancelled.
 *
 * One file is in memory at a time, and pieces of 256 KiB; files that are not
 * wanted are passed over without being held. The checksum is known at the end
 * only: what a loop that was left has seen is checked by tar's headers alone.
 *
 * POSIX (`ustar`, PAX) and GNU headers are read, several gzip members in a row
 * are one. Folders are passed over. Links, devices and pipes are refused, wanted
 * or not.
 *
 * - Source: POSIX.1-2017, pax; RFC 1952. A reader of our own since modern-tar
 *   0.8.6 (530 MB/s over the same gunzip, this 650) takes `..`, damaged PAX
 *   records and foreign headers, and its errors have neither class nor place.
 * - Offsets in errors are bytes of the tarball where gzip is at fault ("Cannot
 *   read gzip"), of what it unpacks to where tar is ("Cannot read tar").
 *
 * @param stream The bytes of the tarball.
 * @param want Whether the file of a path is to be yielded. It is asked of
 * folders, too: one that is wanted is refused.
 * @param options What errors name, and the limits.
 * @throws {ArchiveError} If gzip or tar is damaged or cut short, a path leads
 * outside, two files have one path, be it on a system that does not tell cases
 * apart, there is a link or a device, or what is wanted is no regular file. What
 * the stream itself fails with is thrown as it is.
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
    // What the size of a folder says is no body.
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

/** Every entry, what extended headers say put in; bodies are the caller's. */
async function* tarEntries(input: TarInput): AsyncGenerator<TarEntry> {
  let always: TarExtended = {};
  let next: TarExtended | undefined;
  for (;;) {
    const header = await nextHeader(input);
    if (header === undefined) break;
    if ("xgLK".includes(header.type)) {
      const said = await extendedBody(header, input);
      if (header.type === "g") always = { ...always, ...said };
      else next = { ...next, ...said };
      continue;
    }
    const { isSparse = false, ...said } = { ...always, ...next };
    next = undefined;
    yield { ...header, ...normalized({ ...header, ...said }), isSparse };
  }
  if (next === undefined) return;
  throw input.malformed("the last entry is missing", input.position);
}

async function nextHeader(input: TarInput): Promise<TarHeader | undefined> {
  const at = input.position;
  if (!await input.hasMore()) throw input.malformed("its end is missing", at);
  const block = await input.take(TAR_BLOCK);
  if (!isZero(block)) return tarHeader(block, at, input);
  if (!await input.hasMore()) throw input.malformed("its end is missing", at);
  while (await input.hasMore()) {
    const start = input.position;
    if (isZero(await input.take(TAR_BLOCK))) continue;
    throw input.malformed("something follows its end", start);
  }
  return undefined;
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

/** Drops what tar itself writes around a path: `./` before, `/` behind folders. */
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
