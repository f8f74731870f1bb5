import { AwsV4Signer } from "aws4fetch";
import { shownAddress } from "../http/address.ts";
import { bodyText } from "../http/body.ts";
import { isPassing, retryingFetch } from "../http/fetch.ts";
import {
  platformTransport,
  type Sender,
  type Transport,
} from "../http/transport.ts";
import { DownloadError } from "../errors.ts";
import { s3Address } from "../http/s3_address.ts";
import { codeOf, refusalError } from "./error.ts";
import {
  environmentSettings,
  requestUrl,
  type S3Settings,
} from "./settings.ts";

/** Options of {@linkcode S3Sender}. */
export interface S3SenderOptions {
  /**
   * Network, clock and random numbers.
   *
   * @default {platformTransport}, with 60 s for an answer and between bytes
   */
  readonly transport?: Transport;
  /**
   * Store, region and keys.
   *
   * @default {environmentSettings}
   */
  readonly settings?: S3Settings;
}

/** Request to a store; a body has its length and can be sent again. */
export interface S3Request {
  readonly method?: string | undefined;
  readonly headers?: HeadersInit | undefined;
  readonly body?: Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
}

const S3_TRANSPORT: Transport = {
  ...platformTransport,
  answerTimeoutMs: 60_000,
  idleTimeoutMs: 60_000,
};
/** Slowest upload to wait for, in bytes per ms. */
const SLOWEST = 50;
/** Longest text of an error. */
const MAX_TEXT = 1 << 20;
/** SHA-256 of no bytes. */
const EMPTY_SUM =
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** Codes after which another attempt may succeed, with a status of 400 or 409. */
const PASSING: readonly (string | undefined)[] = [
  "BadDigest",
  "ConditionalRequestConflict",
  "OperationAborted",
  "RequestTimeout",
  "XAmzContentSHA256Mismatch",
];

/** Codes of a 404 that say something about the object; after `HEAD` none does. */
const MISSING: readonly (string | undefined)[] = [
  ...["NoSuchKey", "NoSuchUpload", "NotFound", undefined],
];

/**
 * Sends the requests for the objects of an S3-compatible store, with a signature
 * (AWS Signature Version 4, by aws4fetch 1.0.20) that covers the body.
 *
 * An address is `s3://bucket/key`, with the query of the request. Each attempt is
 * signed anew. No error has a key, a signature, or a text of the store.
 */
export class S3Sender implements Sender {
  readonly transport: Transport;
  readonly #settings: S3Settings;
  readonly #signingKeys = new Map<string, ArrayBuffer>();

  /** @throws {RangeError} As {@linkcode environmentSettings}. */
  constructor(options: S3SenderOptions = {}) {
    const { transport = S3_TRANSPORT, settings = environmentSettings() } =
      options;
    this.transport = transport;
    this.#settings = settings;
  }

  /**
   * Sends a request, and again after passing faults.
   *
   * @returns An answer of success, or one about the object: 404, 412 or 416.
   * @throws {CredentialError} If the store refuses key, signature or access, or
   * the clocks differ.
   * @throws {DataNotFoundError} If there is no such bucket in the region.
   * @throws {UnsupportedError} If the store lacks the request.
   * @throws {DownloadError} If no attempts are left.
   */
  async request(address: URL, request: S3Request): Promise<Response> {
    const shown = shownAddress(address);
    const object = s3Address(address);
    if (object === undefined) throw addressError(shown);
    const url = requestUrl(this.#settings, object, address.search);
    const { method = "GET", headers = {}, signal = null } = request;
    const body = request.body === undefined ? null : ownBytes(request.body);
    const sum = body === null ? EMPTY_SUM : await sha256(body);
    const { transport } = this;
    const uploadMs = (body?.length ?? 0) / SLOWEST;
    const init = { method, headers, body, signal };
    return await retryingFetch(shown, init, {
      transport: {
        ...transport,
        answerTimeoutMs: transport.answerTimeoutMs + uploadMs,
        fetch: (_, init) => this.#attempt(url, sum, init, shown),
      },
    });
  }

  /** Sends a request without a body, as {@linkcode S3Sender.request} does. */
  async send(
    address: URL,
    { method, headers, signal }: Parameters<Sender["send"]>[1],
  ): Promise<Response> {
    return await this.request(address, { method, headers, signal });
  }

  async #attempt(
    url: URL,
    sum: string,
    init: RequestInit,
    shown: URL,
  ): Promise<Response> {
    const { transport } = this;
    const headers = await this.#signed(url, sum, init);
    const response = await transport.fetch(url, { ...init, headers });
    const { ok, status } = response;
    if (ok || status === 412 || status === 416 || isPassing(status)) {
      return response;
    }
    const text = await this.#textOf(shown, response, init);
    const now = transport.now();
    const isSigned = this.#settings.keys !== undefined;
    const refusal = { status, headers: response.headers, text, now, isSigned };
    const code = codeOf(refusal);
    // As a failed connection, after which another attempt follows.
    if (PASSING.includes(code)) {
      throw new TypeError(`it says ${status} ${code}`);
    }
    if (status === 404 && MISSING.includes(code)) {
      return new Response(null, { status, headers: response.headers });
    }
    throw refusalError(shown.href, refusal);
  }

  /** Headers of a request, with the signature of an attempt. */
  async #signed(url: URL, sum: string, init: RequestInit): Promise<Headers> {
    const headers = new Headers(init.headers);
    // Deno asks for gzip otherwise, whose bytes cannot be counted.
    headers.set("accept-encoding", "identity");
    const { keys, region } = this.#settings;
    if (keys === undefined) return headers;
    const signer = new AwsV4Signer({
      ...keys,
      service: "s3",
      region,
      url: url.href,
      method: init.method ?? "GET",
      // A proxy may change other headers, which would break the signature.
      headers: [
        ...[...headers].filter(([name]) => name.startsWith("x-amz-")),
        ["x-amz-content-sha256", sum],
      ],
      cache: this.#signingKeys,
      datetime: new Date(this.transport.now()).toISOString()
        .replace(/[:-]|\.\d{3}/g, ""),
    });
    for (const [name, value] of (await signer.sign()).headers) {
      headers.set(name, value);
    }
    return headers;
  }

  /** Text of an error; empty if it breaks off, which leaves the status. */
  async #textOf(
    shown: URL,
    response: Response,
    { signal }: RequestInit,
  ): Promise<string> {
    const options = { transport: this.transport, signal: signal ?? undefined };
    try {
      return await bodyText(shown, response, MAX_TEXT, options);
    } catch (error) {
      if (error instanceof DownloadError) return "";
      throw error;
    }
  }
}

function addressError({ href }: URL): TypeError {
  return new TypeError(
    `Cannot use the store: the address is ${href}, expected s3://bucket/key`,
  );
}

/** Bytes as a body takes them: not those of shared memory. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? bytes as Uint8Array<ArrayBuffer>
    : new Uint8Array(bytes);
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const sum = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(sum).toHex();
}
