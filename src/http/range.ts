import { ArchiveError, DownloadError, UnsupportedError } from "../errors.ts";
import { isHtml, statusError, webPageError } from "./answer.ts";
import {
  type FileVersion,
  ifRange,
  UNKNOWN_VERSION,
  versionOf,
} from "./version.ts";

/** Version and length of a file on a server. */
export interface SizedVersion extends FileVersion {
  /** Length in bytes. */
  readonly size: number;
}

/** Part of a file, its bytes still to be read. */
export interface RangeAnswer {
  readonly offset: number;
  readonly length: number;
  readonly version: SizedVersion;
  readonly response: Response;
}

/**
 * Headers that ask for bytes as they are stored: without `accept-encoding` Deno
 * asks for gzip, whose bytes cannot be counted.
 *
 * @param range Such as `0-99`, `100-` or `-100`; undefined asks for the whole.
 * @param version Version that the range must be of, else the whole file comes.
 */
export function rangeHeaders(
  range?: string,
  version: FileVersion = UNKNOWN_VERSION,
): Record<string, string> {
  const plain = { "accept-encoding": "identity" };
  if (range === undefined) return plain;
  const ranged = { ...plain, range: `bytes=${range}` };
  const condition = ifRange(version);
  return condition === null ? ranged : { ...ranged, "if-range": condition };
}

/** Bytes that an answer says it has. */
export interface ContentRange {
  readonly first: number;
  readonly last: number;
  /** Length of the whole file; null if the server does not know it. */
  readonly size: number | null;
}

/** `Content-Range` of an answer; null if it is missing or malformed. */
export function contentRange(headers: Headers): ContentRange | null {
  const text = headers.get("content-range")?.trim() ?? "";
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(text);
  if (match === null) return null;
  const [first, last] = [Number(match[1]), Number(match[2])];
  const size = match[3] === "*" ? null : Number(match[3]);
  const end = size ?? Number.MAX_SAFE_INTEGER;
  const isSound = first <= last && last < end && Number.isSafeInteger(end);
  return isSound ? { first, last, size } : null;
}

/**
 * Reads the head of the answer to a request with {@linkcode rangeHeaders}.
 *
 * @param url Address that errors name.
 * @returns Null if the server knows no such range, or sends the whole file.
 * @throws {DataNotFoundError} If there is no such file.
 * @throws {CredentialError} If the file may not be read.
 * @throws {UnsupportedError} If the bytes come packed.
 * @throws {DownloadError} If the answer is a web page or not what was asked for.
 */
export function rangeAnswer(url: URL, response: Response): RangeAnswer | null {
  const { status, headers } = response;
  const archive = url.href;
  if (status === 200 && isHtml(response)) throw webPageError(url);
  if (status === 200 || status === 416) return null;
  if (status !== 206) throw statusError("read file", url, status, [206]);
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw new UnsupportedError(
      `Cannot read file: the server packs its parts (${encoding}); ` +
        "download it first (`download`)",
      { archive },
    );
  }
  const range = contentRange(headers);
  if (range === null || range.size === null) {
    throw new DownloadError(
      `Cannot read file: the server's Content-Range is ${
        headers.get("content-range")
      }, expected bytes <first>-<last>/<size>`,
      { archive },
    );
  }
  const { first, last, size } = range;
  const version = { ...versionOf(headers), size };
  return { offset: first, length: last - first + 1, version, response };
}

/** Error for a server that sends whole files only. */
export function noRangesError(archive: string): UnsupportedError {
  return new UnsupportedError(
    "Cannot stream from this server: it sends no parts of a file (HTTP " +
      "Range); download the file first (`download`) and stream it from disk",
    { archive },
  );
}

/** Error for a file that has changed since it was opened. */
export function changedError(archive: string): ArchiveError {
  return new ArchiveError(
    "Cannot read file: it has changed on the server since it was opened",
    { archive },
  );
}

/** Error for an answer with other bytes than were asked for. */
export function otherRangeError(
  { offset, length }: RangeAnswer,
  start: number,
  expected: number,
  archive: string,
): DownloadError {
  return new DownloadError(
    `Cannot read file: the server answers bytes ${offset}-` +
      `${offset + length - 1}, expected ${start}-${start + expected - 1}`,
    { archive },
  );
}
