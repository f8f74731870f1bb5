import {
  ArchiveError,
  CredentialError,
  type DataError,
  DataNotFoundError,
  DownloadError,
  UnsupportedError,
} from "../errors.ts";
import { isHtml, webPageError } from "./answer.ts";

/** What a server tells of a file with every part of it. */
export interface FileVersion {
  /** Length in bytes. */
  readonly size: number;
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** A part of a file, its bytes still to be read. */
export interface RangeAnswer {
  readonly offset: number;
  readonly length: number;
  readonly version: FileVersion;
  readonly response: Response;
}

/** Headers that ask for bytes as they are stored. */
export function rangeHeaders(range: string): Record<string, string> {
  return { range: `bytes=${range}`, "accept-encoding": "identity" };
}

/**
 * What a server answered to {@linkcode rangeHeaders}.
 *
 * @param url What was asked, as errors name it.
 * @returns Null where it knows no such range, or sends the whole file.
 * @throws {DataNotFoundError} If there is no such file.
 * @throws {CredentialError} If it may not be read.
 * @throws {UnsupportedError} If the bytes come packed.
 * @throws {DownloadError} If it is a web page, or no answer to what was asked.
 */
export function rangeAnswer(url: URL, response: Response): RangeAnswer | null {
  const { status, headers } = response;
  const archive = url.href;
  if (status === 200 && isHtml(response)) throw webPageError(url);
  if (status === 200 || status === 416) return null;
  if (status !== 206) throw statusError(status, archive);
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw new UnsupportedError(
      `Cannot read file: the server packs its parts (${encoding}); ` +
        "download it first (`download`)",
      { archive },
    );
  }
  const range = headers.get("content-range");
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/i.exec(range?.trim() ?? "");
  const [start, last, size] = (match ?? []).slice(1).map(Number);
  if (!match || last < start || last >= size || !Number.isSafeInteger(size)) {
    throw new DownloadError(
      `Cannot read file: the server's Content-Range is ${range}, expected ` +
        "bytes <first>-<last>/<size>",
      { archive },
    );
  }
  const etag = headers.get("etag");
  const lastModified = headers.get("last-modified");
  const version = { size, etag, lastModified };
  return { offset: start, length: last - start + 1, version, response };
}

/** The error of a server that sends whole files only. */
export function withoutRanges(archive: string): UnsupportedError {
  return new UnsupportedError(
    "Cannot stream from this server: it sends no parts of a file (HTTP " +
      "Range); download the file first (`download`) and stream it from disk",
    { archive },
  );
}

/**
 * Refuses another version of a file than the one that was opened.
 *
 * @throws {ArchiveError} If its size or its ETag differs, or without one its
 * Last-Modified.
 */
export function checkSameVersion(
  before: FileVersion,
  now: FileVersion,
  archive: string,
): void {
  const tags = before.etag !== null && now.etag !== null
    ? [before.etag, now.etag]
    : [before.lastModified, now.lastModified];
  const isSame = before.size === now.size &&
    (tags.includes(null) || tags[0] === tags[1]);
  if (!isSame) throw changed(archive);
}

/** The error of a file that is another one since it was opened. */
export function changed(archive: string): ArchiveError {
  return new ArchiveError(
    "Cannot read file: it has changed on the server since it was opened",
    { archive },
  );
}

/** The error of an answer with other bytes than were asked for. */
export function unlike(
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

function statusError(status: number, archive: string): DataError {
  const place = { archive };
  if (status === 404 || status === 410) {
    const text = `Cannot read file: the server has none there (${status})`;
    return new DataNotFoundError(text, place);
  }
  if (status === 401 || status === 403) {
    return new CredentialError(
      `Cannot read file: the server refuses it (${status}), expected an ` +
        "address that whoever has it may read",
      place,
    );
  }
  const text = `Cannot read file: the server answers ${status}, expected 206`;
  return new DownloadError(text, place);
}
