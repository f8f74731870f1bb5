import type { ReadOptions } from "../base/abort.ts";
import { freeArray } from "../base/sole_owner.ts";
import { fileSource } from "../archive/bytes/byte_source.ts";
import { CredentialError, DownloadError, UnsupportedError } from "../errors.ts";
import { Backoff } from "../http/backoff.ts";
import { elements, textOf } from "../s3/xml.ts";
import { eachPiece } from "./_pieces.ts";
import type { Stored } from "./place.ts";
import { type S3Object, UNLESS_THERE, writerHeaders } from "./_s3_object.ts";

/** S3 takes at most 10,000 parts. */
const MOST_PARTS = 9000;
/** Longest answer of the store about an upload. */
const MAX_TEXT = 8 << 20;
/** Attempts to complete an upload, which the store can fail in a 200. */
const TRIES = 4;
/** Longest wait for the store to drop an upload that has failed, in ms. */
const ABORT_MS = 20_000;
const ENCODER = new TextEncoder();

/** Upload that another writer of the object has ended. */
class UploadGone extends Error {}

/** File to upload. */
interface Source {
  readonly path: string;
  readonly size: number;
  /** Bytes of a part, more if there would be too many. */
  readonly partBytes: number;
}

/**
 * Stores a file in parts unless the object exists.
 *
 * A failure aborts the upload, so that the store keeps no part of it. Whoever
 * completes an upload ends all others of the object, also those of killed writers;
 * a writer that lives finds the object stored.
 *
 * - Source: Amazon S3 User Guide, "Uploading and copying objects using multipart
 *   upload".
 */
export async function putParts(
  object: S3Object,
  source: Source,
  options: ReadOptions,
): Promise<Stored> {
  const writer = crypto.randomUUID();
  const search = await started(object, writer, options);
  let outcome: Stored | undefined;
  try {
    const tags = await sentParts(object, search, source, options);
    outcome = await completed(object, search, { tags, writer }, options);
  } catch (error) {
    if (!(error instanceof UploadGone)) throw error;
    if (await object.head(options) === undefined) {
      throw object.fault("it has dropped the upload");
    }
    outcome = "exists";
  } finally {
    if (outcome !== "stored") await aborted(object, search);
  }
  await abortOthers(object, options);
  return outcome;
}

async function started(
  object: S3Object,
  writer: string,
  { signal }: ReadOptions,
): Promise<string> {
  const request = { method: "POST", headers: writerHeaders(writer), signal };
  const id = textOf(
    await object.text(request, "?uploads", MAX_TEXT),
    "UploadId",
  );
  if (!id) throw object.fault("it names no upload");
  return `?${new URLSearchParams({ uploadId: id })}`;
}

/** Sends the parts, and gives the tags by which the store names them. */
async function sentParts(
  object: S3Object,
  search: string,
  { path, size, partBytes }: Source,
  options: ReadOptions,
): Promise<string[]> {
  const file = fileSource(path, size);
  const most = Math.max(partBytes, Math.ceil(size / MOST_PARTS));
  const tags: string[] = [];
  await eachPiece(
    size,
    most,
    async (offset, length, signal) => {
      const bytes = await file.read(offset, length, { signal });
      const query = `${search}&partNumber=${offset / most + 1}`;
      const tag = await sentPart(object, query, bytes, signal);
      freeArray(bytes);
      return tag;
    },
    (tag) => void tags.push(tag),
    options,
  );
  return tags;
}

async function sentPart(
  object: S3Object,
  search: string,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<string> {
  const request = { method: "PUT", body: bytes, signal };
  const response = await object.request(request, search, [200, 404]);
  await response.body?.cancel();
  if (response.status === 404) throw new UploadGone();
  const tag = response.headers.get("etag");
  if (tag === null) throw object.fault("it names no part of the upload");
  return tag;
}

async function completed(
  object: S3Object,
  search: string,
  { tags, writer }: {
    readonly tags: readonly string[];
    readonly writer: string;
  },
  { signal }: ReadOptions,
): Promise<Stored> {
  const request = {
    method: "POST",
    headers: UNLESS_THERE,
    body: ENCODER.encode(partList(tags)),
    signal,
  };
  const backoff = new Backoff(object.sender.transport, TRIES);
  while (true) {
    const answer = await object.request(request, search, [200, 404, 412]);
    const fault = answer.status === 200
      ? await faultIn(object, answer, signal)
      : null;
    if (fault !== null) {
      await backoff.wait(fault, { signal });
      continue;
    }
    if (answer.status === 200) return "stored";
    await answer.body?.cancel();
    // After a lost answer the object is there, and the upload is not.
    const head = await object.head({ signal });
    if (head?.writer === writer) return "stored";
    if (answer.status === 412) return "exists";
    throw new UploadGone();
  }
}

/** The store can begin an answer with 200 and fail later. */
async function faultIn(
  object: S3Object,
  answer: Response,
  signal?: AbortSignal,
): Promise<DownloadError | null> {
  try {
    const bytes = await object.read(answer, MAX_TEXT, {
      signal,
    });
    const xml = new TextDecoder().decode(bytes);
    return textOf(xml, "Error") === undefined
      ? null
      : object.fault("it fails to join the parts of the upload");
  } catch (error) {
    if (error instanceof DownloadError) return error;
    throw error;
  }
}

function partList(tags: readonly string[]): string {
  const parts = tags.map((tag, index) => {
    const text = tag.replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`);
    return `<Part><PartNumber>${
      index + 1
    }</PartNumber><ETag>${text}</ETag></Part>`;
  });
  const name = "CompleteMultipartUpload";
  const space = "http://s3.amazonaws.com/doc/2006-03-01/";
  return `<${name} xmlns="${space}">${parts.join("")}</${name}>`;
}

/** Drops an upload; one that cannot be reached goes with {@linkcode abortOthers}. */
async function aborted(object: S3Object, search: string): Promise<void> {
  const signal = AbortSignal.timeout(ABORT_MS);
  const request = { method: "DELETE", signal };
  await object.status(request, search, [200, 204, 404]).catch(() => {});
}

/** Drops all uploads of an object that is stored, as far as rights permit. */
async function abortOthers(
  object: S3Object,
  { signal }: ReadOptions,
): Promise<void> {
  const { bucket, key } = object;
  const search = `?uploads&${new URLSearchParams({ prefix: key })}`;
  let xml: string;
  try {
    xml = await bucket.text({ signal }, search, MAX_TEXT);
  } catch (error) {
    if (error instanceof CredentialError || error instanceof UnsupportedError) {
      return;
    }
    throw error;
  }
  for (const upload of elements(xml, "Upload")) {
    const id = textOf(upload, "UploadId");
    if (id === undefined || textOf(upload, "Key") !== key) continue;
    await aborted(object, `?${new URLSearchParams({ uploadId: id })}`);
  }
}
