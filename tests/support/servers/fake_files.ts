/** A file on a fake server. */
export interface FakeFile {
  readonly bytes: Uint8Array;
  /** Its `ETag`, with quotes. */
  readonly etag?: string;
  /** Its `Last-Modified`. */
  readonly lastModified?: string;
  /** Its `Content-Type`; by default that of a file. */
  readonly type?: string;
}

/** Fault of one answer. */
export type Fault =
  /** A status instead of the file. */
  | {
    readonly kind: "status";
    readonly status: number;
    readonly retryAfter?: string;
  }
  /** Cuts the connection after some bytes of the answer. */
  | { readonly kind: "cut"; readonly after: number }
  /** Ends the answer early as if it were complete. */
  | { readonly kind: "short"; readonly after: number }
  /** Announces and sends more bytes than the file has. */
  | { readonly kind: "long"; readonly by: number }
  /** Waits for a promise, then answers, possibly with another fault. */
  | {
    readonly kind: "slow";
    readonly until: Promise<void>;
    readonly then?: Fault;
  }
  /** Stalls after some bytes. */
  | { readonly kind: "stall"; readonly after: number }
  /** Ignores `Range`. */
  | { readonly kind: "noRange" }
  /** Ignores `If-Range`. */
  | { readonly kind: "noIfRange" }
  /** Changes one byte. */
  | { readonly kind: "flip"; readonly at: number }
  /** Sends a web page, with or without its `Content-Type`. */
  | { readonly kind: "page"; readonly html: string; readonly type?: string };

/** A request to a fake server. */
export interface FakeRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
}

/** Options of every fake server. */
export interface FakeOptions {
  /** Chooses the fault of an answer. */
  readonly fault?: (request: FakeRequest) => Fault | undefined;
  /** Delay of every answer in ms. */
  readonly latencyMs?: number;
  /** Bytes per chunk. */
  readonly pieceBytes?: number;
}

/** Log of a fake server. */
export class FakeLog {
  readonly requests: FakeRequest[] = [];
  /** Bytes of files sent so far. */
  bytesSent = 0;
  readonly #closing = Promise.withResolvers<void>();

  /** Resolves when the server shuts down; shutdown waits for pending answers. */
  get closed(): Promise<void> {
    return this.#closing.promise;
  }

  /** Ends slow answers. */
  close(): void {
    this.#closing.resolve();
  }

  /** Requests whose path ends with `end`. */
  of(suffix: string): FakeRequest[] {
    return this.requests.filter(({ url }) => url.pathname.endsWith(suffix));
  }
}

/** Reads a request once, for the log and for the answer. */
export async function logged(
  request: Request,
  log: FakeLog,
): Promise<FakeRequest> {
  const { method, url, headers } = request;
  const body = await request.text();
  const entry = { method, url: new URL(url), headers, body };
  log.requests.push(entry);
  return entry;
}

/** Waits for the latency of the network. */
export function latency({ latencyMs = 0 }: FakeOptions): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, latencyMs));
}

/** Answers a request for a file, with Range, If-Range and at most one fault. */
export async function answerFile(
  request: FakeRequest,
  file: FakeFile,
  log: FakeLog,
  options: FakeOptions,
): Promise<Response> {
  const fault = await inTime(log, options.fault?.(request));
  if (fault?.kind === "status") {
    const { status, retryAfter } = fault;
    const headers = new Headers(
      retryAfter ? { "retry-after": retryAfter } : {},
    );
    return new Response("not now", { status, headers });
  }
  if (fault?.kind === "page") {
    const { html, type = "text/html; charset=utf-8" } = fault;
    return new Response(html, { headers: { "content-type": type } });
  }
  const { start, end, isRange } = rangeOf(request, file, fault);
  if (start >= file.bytes.length && start > 0) {
    return new Response(null, {
      status: 416,
      headers: { "content-range": `bytes */${file.bytes.length}` },
    });
  }
  const bytes = spoilt(file.bytes.subarray(start, end), fault, start);
  const headers = headersOf(file, fault);
  if (isRange) {
    const range = `${start}-${end - 1}/${file.bytes.length}`;
    headers.set("content-range", `bytes ${range}`);
  }
  if (fault?.kind !== "short") {
    headers.set("content-length", `${bytes.length}`);
  }
  const status = isRange ? 206 : 200;
  return new Response(body(bytes, fault, log, options), { status, headers });
}

async function inTime(log: FakeLog, fault?: Fault): Promise<Fault | undefined> {
  if (fault?.kind !== "slow") return fault;
  await Promise.race([fault.until, log.closed]);
  return fault.then;
}

function rangeOf(
  request: FakeRequest,
  { bytes: { length }, ...file }: FakeFile,
  fault?: Fault,
): { start: number; end: number; isRange: boolean } {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get("range") ?? "");
  const isRange = asked !== null && fault?.kind !== "noRange" &&
    isUnchanged(request, file, fault);
  if (!isRange) return { start: 0, end: length, isRange };
  const [, first, last] = asked;
  if (first === "") {
    return { start: Math.max(0, length - Number(last)), end: length, isRange };
  }
  const end = last === "" ? length : Math.min(Number(last) + 1, length);
  return { start: Number(first), end, isRange };
}

function isUnchanged(
  { headers }: FakeRequest,
  { etag, lastModified }: Omit<FakeFile, "bytes">,
  fault?: Fault,
): boolean {
  const version = headers.get("if-range");
  return version === null || fault?.kind === "noIfRange" ||
    version === etag || version === lastModified;
}

function headersOf(file: FakeFile, fault?: Fault): Headers {
  const { etag, lastModified, type = "application/octet-stream" } = file;
  const headers = new Headers({ "content-type": type });
  if (fault?.kind !== "noRange") headers.set("accept-ranges", "bytes");
  if (etag) headers.set("etag", etag);
  if (lastModified) headers.set("last-modified", lastModified);
  return headers;
}

function spoilt(bytes: Uint8Array, fault?: Fault, start = 0): Uint8Array {
  switch (fault?.kind) {
    case "long": {
      const longer = new Uint8Array(bytes.length + fault.by);
      longer.set(bytes);
      return longer;
    }
    case "short":
      return bytes.subarray(0, fault.after);
    case "flip": {
      const other = bytes.slice();
      const at = fault.at - start;
      if (at >= 0 && at < other.length) (other[at] as number) ^= 1;
      return other;
    }
    default:
      return bytes;
  }
}

function body(
  bytes: Uint8Array,
  fault: Fault | undefined,
  log: FakeLog,
  { pieceBytes = 16_384 }: FakeOptions,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const limit = fault?.kind === "cut" || fault?.kind === "stall"
    ? Math.min(fault.after, bytes.length)
    : bytes.length;
  let at = 0;
  const left = Promise.withResolvers<void>();
  return new ReadableStream({
    pull(controller): Promise<void> | void {
      if (at < limit) {
        const piece = bytes.slice(at, Math.min(limit, at + pieceBytes));
        at += piece.length;
        log.bytesSent += piece.length;
        return controller.enqueue(piece);
      }
      if (fault?.kind === "stall") return left.promise;
      // Fewer bytes than announced make the server cut the connection.
      controller.close();
    },
    cancel: left.resolve,
  });
}
