import { ArchiveError, type DataError, DownloadError } from "../errors.ts";
import { Backoff } from "../http/backoff.ts";
import { bodyPieces } from "../http/body.ts";
import {
  checkStatus,
  isHtml,
  startsAsHtml,
  webPageError,
} from "../http/answer.ts";
import type { Transport } from "../http/transport.ts";
import type { PartFile, Validators } from "./_part_file.ts";
import type { RemoteFile, Request } from "../publishers/remote_file.ts";

/** The version that an answer says it is of. */
export function versionOf(response?: Response): Validators {
  return {
    etag: response?.headers.get("etag") ?? null,
    lastModified: response?.headers.get("last-modified") ?? null,
  };
}

/**
 * Whether two versions may be one: their strong tags agree, or where there are
 * none their dates. Without either the MD5 at the end has to tell.
 */
export function isSameVersion(a: Validators, b: Validators): boolean {
  const tags = [strong(a.etag), strong(b.etag)];
  if (tags.every((tag) => tag !== null)) return tags[0] === tags[1];
  const isDated = a.lastModified !== null && b.lastModified !== null;
  return !isDated || a.lastModified === b.lastModified;
}

/** Headers that ask for a file from a byte on, if it is the same version. */
export function rangeHeaders(
  from: number,
  { etag, lastModified }: Validators,
): Record<string, string> {
  // Else Deno asks for gzip, of which no byte can be counted.
  const plain = { "accept-encoding": "identity" };
  if (from === 0) return plain;
  const range = { ...plain, range: `bytes=${from}-` };
  const version = strong(etag) ?? lastModified;
  return version === null ? range : { ...range, "if-range": version };
}

/** RFC 9110, 8.8.1: a weak tag tells nothing of single bytes. */
function strong(etag: string | null): string | null {
  return etag?.startsWith("W/") ? null : etag;
}

/** Tries in a row that may bring a file no further. */
const TRIES = 6;

/** Options of {@linkcode transfer}. */
export interface TransferOptions {
  /** Sends a request. */
  readonly request: Request;
  /** Network, clock and chance. */
  readonly transport: Transport;
  /** Told how much has arrived; 0 bytes where what had arrived is dropped. */
  readonly onArrived: (bytes: number) => void;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

interface Transfer extends TransferOptions {
  readonly part: PartFile;
  readonly remote: RemoteFile;
}

/**
 * Completes what has arrived of a file: from its end on where the server still
 * has the same version, else from the start. Six tries in a row that bring it no
 * further end it; what arrived then stays.
 *
 * @throws {DownloadError | CredentialError | DataNotFoundError} If the server
 * does not give the file.
 * @throws {ArchiveError} If it gives another one than is listed.
 * @throws {OutputError} If it cannot be written.
 */
export async function transfer(
  part: PartFile,
  remote: RemoteFile,
  options: TransferOptions,
): Promise<void> {
  const all = { ...options, part, remote };
  let isPatched = part.length > 0;
  isPatched = await arrive(all) > 1 || isPatched;
  if (part.isRight()) return;
  await drop(all);
  // What several answers gave may be of several versions: once more, then.
  if (isPatched) {
    await arrive(all);
    if (part.isRight()) return;
    await drop(all);
  }
  throw new ArchiveError(
    `Cannot download: the MD5 of what arrives is not the one listed ` +
      `(${remote.md5}); try again later, or tell the publisher`,
    { archive: remote.url.href },
  );
}

/** Fetches what is missing, and gives the number of answers that took. */
async function arrive(all: Transfer): Promise<number> {
  const { part, remote, transport, signal } = all;
  const backoff = new Backoff(transport, TRIES);
  let furthest = part.length;
  let answers = 0;
  while (part.length < remote.bytes) {
    const fault = await oneAnswer(all);
    answers++;
    if (part.length > furthest) backoff.reset();
    furthest = Math.max(furthest, part.length);
    if (fault) await backoff.wait(fault, { signal });
  }
  return answers;
}

/** Takes what one answer gives, and tells what another one may mend. */
async function oneAnswer(all: Transfer): Promise<DataError | null> {
  const { part, remote: { url }, request, signal } = all;
  const resumes = part.length > 0;
  const headers = rangeHeaders(part.length, part.validators);
  const response = await request(url, { headers, signal });
  if (resumes && response.status === 416) {
    await response.body?.cancel();
    return await changed(all);
  }
  await checkStatus(url, response, resumes ? [200, 206] : [200]);
  const page = webPageError(url);
  if (isHtml(response)) {
    await response.body?.cancel();
    throw page;
  }
  if (isMisfit(all, response)) {
    await response.body?.cancel();
    return await changed(all);
  }
  const fault = await pour(all, response, page);
  if (fault === page) throw page;
  return fault;
}

/** Whether an answer goes on with something else than what is there. */
function isMisfit(
  { part, remote: { bytes } }: Transfer,
  response: Response,
): boolean {
  if (response.status === 200) return false;
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/i.exec(
    response.headers.get("content-range") ?? "",
  );
  return range === null || Number(range[1]) !== part.length ||
    (range[2] !== "*" && Number(range[2]) !== bytes) ||
    !isSameVersion(part.validators, versionOf(response));
}

/** Adds an answer to what is there, and tells what is wrong with it. */
async function pour(
  all: Transfer,
  response: Response,
  page: DataError,
): Promise<DataError | null> {
  const { part, remote: { bytes, url }, transport, signal, onArrived } = all;
  let isFromStart = response.status === 200;
  try {
    for await (
      const piece of bodyPieces(url, response, { transport, signal })
    ) {
      if (isFromStart) {
        const fault = misfitFromStart(all.remote, response, piece, page);
        if (fault) return fault;
        // Only now: what is there is worth more than an answer without bytes.
        await drop(all, response);
        isFromStart = false;
      }
      if (part.length + piece.length > bytes) {
        await drop(all);
        return otherLength(all.remote, `more than ${bytes}`);
      }
      await part.append(piece);
      onArrived(piece.length);
    }
  } catch (error) {
    if (error instanceof DownloadError) return error;
    throw error;
  }
  return part.length < bytes ? otherLength(all.remote, part.length) : null;
}

function misfitFromStart(
  remote: RemoteFile,
  { headers }: Response,
  first: Uint8Array,
  page: DataError,
): DataError | null {
  if (startsAsHtml(first)) return page;
  const length = Number(headers.get("content-length") ?? remote.bytes);
  return length === remote.bytes ? null : otherLength(remote, length);
}

async function changed(all: Transfer): Promise<DataError> {
  await drop(all);
  return otherVersion(all.remote.url);
}

async function drop(
  { part, onArrived }: Transfer,
  coming?: Response,
): Promise<void> {
  await part.restart(versionOf(coming));
  onArrived(0);
}

function otherVersion(url: URL): DataError {
  return new DownloadError(
    "Cannot download: the file at the server changes again and again, try " +
      "again later",
    { archive: url.href },
  );
}

function otherLength(
  { url, bytes }: RemoteFile,
  found: number | string,
): DataError {
  return new ArchiveError(
    `Cannot download: ${found} bytes arrive, ${bytes} are listed; try again ` +
      `later, or tell the publisher`,
    { archive: url.href },
  );
}
