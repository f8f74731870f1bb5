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
import { contentRange, rangeHeaders } from "../http/range.ts";
import { isSameVersion, UNKNOWN_VERSION, versionOf } from "../http/version.ts";
import type { DownloadPart } from "./_part.ts";
import type { RemoteFile, Request } from "../publishers/remote_file.ts";

/** Consecutive attempts without progress after which a transfer fails. */
const TRIES = 6;

/** Options of {@linkcode transfer}. */
export interface TransferOptions {
  /** Sends a request. */
  readonly request: Request;
  /** Network, clock and chance. */
  readonly transport: Transport;
  /** Called with the bytes of each piece, and with 0 when the part is dropped. */
  readonly onArrived: (bytes: number) => void;
  /** Ends the transfer. */
  readonly signal: AbortSignal;
}

interface Transfer extends TransferOptions {
  readonly part: DownloadPart;
  readonly remote: RemoteFile;
}

/**
 * Completes a part: from its end on if the server still has the same version, else
 * from the start. Fails after six consecutive attempts without progress, and then
 * keeps the part.
 *
 * @throws {DownloadError | CredentialError | DataNotFoundError} If the server
 * does not send the file.
 * @throws {ArchiveError} If the file is not the one that is listed.
 * @throws {OutputError} If the part cannot be written.
 */
export async function transfer(
  part: DownloadPart,
  remote: RemoteFile,
  options: TransferOptions,
): Promise<void> {
  const all = { ...options, part, remote };
  let isMixed = part.length > 0;
  isMixed = await fetchRest(all) > 1 || isMixed;
  if (part.isRight()) return;
  await drop(all);
  // Several responses may come from several versions, so it starts again once.
  if (isMixed) {
    await fetchRest(all);
    if (part.isRight()) return;
    await drop(all);
  }
  throw new ArchiveError(
    `Cannot download: the MD5 of what arrives is not the one listed ` +
      `(${remote.md5}); try again later, or report it to the publisher`,
    { archive: remote.url.href },
  );
}

/** Fetches the missing bytes and returns the number of responses that took. */
async function fetchRest(all: Transfer): Promise<number> {
  const { part, remote, transport, signal } = all;
  const backoff = new Backoff(transport, TRIES);
  let furthest = part.length;
  let responses = 0;
  while (part.length < remote.bytes) {
    const fault = await takeResponse(all);
    responses++;
    if (part.length > furthest) backoff.reset();
    furthest = Math.max(furthest, part.length);
    if (fault) await backoff.wait(fault, { signal });
  }
  return responses;
}

/** Appends one response and returns the fault that another try may overcome. */
async function takeResponse(all: Transfer): Promise<DataError | null> {
  const { part, remote: { url }, request, signal } = all;
  const resumes = part.length > 0;
  const headers = resumes
    ? rangeHeaders(`${part.length}-`, part.version)
    : rangeHeaders();
  const response = await request(url, { headers, signal });
  if (resumes && response.status === 416) {
    await response.body?.cancel();
    return await restartChanged(all);
  }
  await checkStatus(url, response, resumes ? [200, 206] : [200]);
  const page = webPageError(url);
  if (isHtml(response)) {
    await response.body?.cancel();
    throw page;
  }
  if (isUnrelated(all, response)) {
    await response.body?.cancel();
    return await restartChanged(all);
  }
  const fault = await appendResponse(all, response, page);
  if (fault === page) throw page;
  return fault;
}

/** Whether a response does not continue the part. */
function isUnrelated(
  { part, remote: { bytes } }: Transfer,
  response: Response,
): boolean {
  if (response.status === 200) return false;
  const range = contentRange(response.headers);
  return range === null || range.first !== part.length ||
    (range.size ?? bytes) !== bytes ||
    !isSameVersion(part.version, versionOf(response.headers));
}

/** Appends a response and returns its fault, null without one. */
async function appendResponse(
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
        const fault = startError(all.remote, response, piece, page);
        if (fault) return fault;
        // Not before the first bytes: a response without any must not cost the part.
        await drop(all, response);
        isFromStart = false;
      }
      if (part.length + piece.length > bytes) {
        await drop(all);
        return otherLengthError(all.remote, `more than ${bytes}`);
      }
      await part.append(piece);
      onArrived(piece.length);
    }
  } catch (error) {
    if (error instanceof DownloadError) return error;
    throw error;
  }
  return part.length < bytes ? otherLengthError(all.remote, part.length) : null;
}

function startError(
  remote: RemoteFile,
  { headers }: Response,
  first: Uint8Array,
  page: DataError,
): DataError | null {
  if (startsAsHtml(first)) return page;
  const length = Number(headers.get("content-length") ?? remote.bytes);
  return length === remote.bytes ? null : otherLengthError(remote, length);
}

async function restartChanged(all: Transfer): Promise<DataError> {
  await drop(all);
  return otherVersionError(all.remote.url);
}

async function drop(
  { part, onArrived }: Transfer,
  coming?: Response,
): Promise<void> {
  const version = coming ? versionOf(coming.headers) : UNKNOWN_VERSION;
  await part.restart(version);
  onArrived(0);
}

function otherVersionError(url: URL): DataError {
  return new DownloadError(
    "Cannot download: the file at the server changes again and again, try " +
      "again later",
    { archive: url.href },
  );
}

function otherLengthError(
  { url, bytes }: RemoteFile,
  found: number | string,
): DataError {
  return new ArchiveError(
    `Cannot download: ${found} bytes arrive, ${bytes} are listed; try again ` +
      `later, or report it to the publisher`,
    { archive: url.href },
  );
}
