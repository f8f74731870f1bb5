import type { ReadOptions } from "../base/abort.ts";
import { DownloadError, LimitError } from "../errors.ts";
import { Backoff } from "../http/backoff.ts";
import { bodyPieces } from "../http/body.ts";
import { type FileVersion, versionOf } from "../http/version.ts";
import { encodedPath, type S3Address } from "../http/s3_address.ts";
import type { S3Request, S3Sender } from "../s3/sender.ts";

/** Headers of a write that fails if there is an object (RFC 9110, 13.1.2). */
export const UNLESS_THERE = { "if-none-match": "*" };

/** Attempts to read a body to its end. */
const TRIES = 6;
/** Header that names the writer of an object. */
const WRITER = "x-amz-meta-rxephys-writer";

/** Length, version and writer of an object. */
export interface ObjectHead {
  readonly bytes: number;
  /** Identifier that its writer has chosen; null if it is another program. */
  readonly writer: string | null;
  readonly version: FileVersion;
}

/**
 * Headers that name the writer: one whose answer was lost meets its own object at
 * the next attempt, and knows it by them.
 */
export function writerHeaders(writer: string): Record<string, string> {
  return { [WRITER]: writer };
}

/** One object of a store, which may exist or not; with an empty key, the bucket. */
export class S3Object {
  readonly key: string;
  /** Address `s3://bucket/key`. */
  readonly address: URL;
  readonly sender: S3Sender;
  readonly #bucket: string;

  constructor({ bucket, key }: S3Address, sender: S3Sender) {
    this.#bucket = bucket;
    this.key = key;
    this.address = new URL(`s3://${bucket}/${encodedPath(key)}`);
    this.sender = sender;
  }

  /** Bucket that has the object. */
  get bucket(): S3Object {
    return new S3Object({ bucket: this.#bucket, key: "" }, this.sender);
  }

  /**
   * Sends a request about the object.
   *
   * @param search Query, such as `?uploads`.
   * @param expected Status codes that the request can use.
   * @throws {DataError} As {@linkcode S3Sender.request}, or for another status.
   */
  async request(
    request: S3Request,
    search: string,
    expected: readonly number[],
  ): Promise<Response> {
    const address = new URL(this.address);
    address.search = search;
    const response = await this.sender.request(address, request);
    if (expected.includes(response.status)) return response;
    await response.body?.cancel();
    throw this.fault(`it answers ${response.status}`);
  }

  /** Sends a request whose answer says nothing more than its status. */
  async status(
    request: S3Request,
    search: string,
    expected: readonly number[],
  ): Promise<number> {
    const response = await this.request(request, search, expected);
    await response.body?.cancel();
    return response.status;
  }

  /**
   * Length, version and writer; undefined if there is no such object.
   *
   * @throws {DataError} As {@linkcode S3Sender.request}.
   */
  async head({ signal }: ReadOptions): Promise<ObjectHead | undefined> {
    const request = { method: "HEAD", signal };
    const { status, headers } = await this.request(request, "", [200, 404]);
    if (status === 404) return undefined;
    const length = headers.get("content-length") ?? "";
    if (!/^\d{1,15}$/.test(length)) throw this.fault("it names no length");
    return {
      bytes: Number(length),
      writer: headers.get(WRITER),
      version: versionOf(headers),
    };
  }

  /**
   * Body of an answer, requested again if it breaks off.
   *
   * @returns Undefined if there is no such object.
   * @throws {LimitError} If it is longer than `maxBytes`.
   */
  async body(
    request: S3Request,
    search: string,
    maxBytes: number,
  ): Promise<Uint8Array | undefined> {
    const backoff = new Backoff(this.sender.transport, TRIES);
    while (true) {
      const response = await this.request(request, search, [200, 404]);
      if (response.status === 404) return undefined;
      try {
        return await this.read(response, maxBytes, request);
      } catch (error) {
        if (!(error instanceof DownloadError)) throw error;
        await backoff.wait(error, { signal: request.signal });
      }
    }
  }

  /** Body of an answer as text; there is one. */
  async text(
    request: S3Request,
    search: string,
    maxBytes: number,
  ): Promise<string> {
    const bytes = await this.body(request, search, maxBytes);
    if (bytes === undefined) throw this.fault("it answers 404");
    return new TextDecoder().decode(bytes);
  }

  /**
   * Reads the body of an answer.
   *
   * @throws {LimitError} If it is longer than `maxBytes`.
   * @throws {DownloadError} If it breaks off.
   */
  async read(
    response: Response,
    maxBytes: number,
    { signal }: S3Request,
  ): Promise<Uint8Array> {
    const length = response.headers.get("content-length");
    if (Number(length ?? 0) > maxBytes) await response.body?.cancel();
    this.#checkLength(Number(length ?? 0), maxBytes);
    const pieces: Uint8Array[] = [];
    let got = 0;
    const { transport } = this.sender;
    const options = { transport, signal };
    for await (const piece of bodyPieces(this.address, response, options)) {
      pieces.push(piece);
      got += piece.length;
      this.#checkLength(got, maxBytes);
    }
    if (length !== null && got !== Number(length)) {
      throw this.fault("the answer ends early");
    }
    return joined(pieces, got);
  }

  /** Error for an answer that cannot be used. */
  fault(why: string): DownloadError {
    return new DownloadError(`Cannot use the store: ${why}`, {
      archive: this.address.href,
    });
  }

  #checkLength(bytes: number, maxBytes: number): void {
    if (bytes <= maxBytes) return;
    throw new LimitError(
      `Cannot read object: it has ${bytes} bytes, expected at most ${maxBytes}`,
      { archive: this.address.href },
    );
  }
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
