/** A file of a {@linkcode rangeServer}. */
export interface ServedFile {
  readonly size: number;
  /** Its bytes. */
  at(offset: number, length: number): Uint8Array;
}

/** A request to a {@linkcode rangeServer}. */
export interface ServedRequest {
  readonly path: string;
  readonly search: string;
  readonly headers: Headers;
  /** First requested byte and the one after the last; null without a range. */
  readonly range: readonly [start: number, end: number] | null;
}

/** Answers a request in place of the server; undefined lets the server do it. */
export type Answering = (
  request: ServedRequest,
  number: number,
) => Response | undefined | Promise<Response | undefined>;

/** A local server of files that supports ranges and counts requests. */
export interface RangeServer extends AsyncDisposable {
  /** Its address, ending with a slash. */
  readonly url: string;
  readonly requests: readonly ServedRequest[];
  /** Bytes of all requested bodies. */
  readonly bytesAsked: number;
  /** Answers in place of the server. */
  answering: Answering;
  /** Headers of each answer, such as `etag`. */
  headers: Record<string, string>;
}

/** Greatest size of a chunk of a body. */
const PIECE = 1 << 18;

/** Serves files by their path from the server's root. */
export function rangeServer(
  files: Readonly<Record<string, Uint8Array | ServedFile>>,
): RangeServer {
  const requests: ServedRequest[] = [];
  let asked = 0;
  const http = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const { pathname: path, search } = new URL(request.url);
      const found = files[decodeURIComponent(path.slice(1))];
      const file = found && fileOf(found);
      const header = request.headers.get("range");
      const range = file && header ? rangeOf(header, file.size) : null;
      const { headers } = request;
      const served = {
        path,
        search,
        headers,
        range,
      };
      requests.push(served);
      asked += range === null ? 0 : range[1] - range[0];
      return await server.answering(served, requests.length) ??
        (file ? answerOf(file, range, server.headers) : notFound());
    },
  );
  const server: RangeServer = {
    url: `http://127.0.0.1:${http.addr.port}/`,
    requests,
    get bytesAsked(): number {
      return asked;
    },
    answering: () => undefined,
    headers: { etag: '"1"' },
    async [Symbol.asyncDispose](): Promise<void> {
      await http.shutdown();
    },
  };
  return server;
}

/** The usual answer to a range. */
export function answerOf(
  found: Uint8Array | ServedFile,
  range: readonly [number, number] | null,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const file = fileOf(found);
  const [start, end] = range ?? [0, file.size];
  return new Response(bodyOf(file, start, end), {
    status: range === null ? 200 : 206,
    headers: {
      ...headers,
      ...(range && { "content-range": contentRange(start, end, file.size) }),
      "content-length": String(end - start),
    },
  });
}

/** The header that says which bytes an answer holds. */
export function contentRange(start: number, end: number, size: number): string {
  return `bytes ${start}-${end - 1}/${size}`;
}

function notFound(): Response {
  return new Response("nothing there", { status: 404 });
}

function fileOf(found: Uint8Array | ServedFile): ServedFile {
  if (!(found instanceof Uint8Array)) return found;
  const { length: size } = found;
  return {
    size,
    at: (offset, length) => found.subarray(offset, offset + length),
  };
}

function rangeOf(header: string, size: number): [number, number] | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header);
  if (!match) return null;
  if (match[1] === "") return [Math.max(0, size - Number(match[2])), size];
  const last = match[2] === "" ? size : Number(match[2]) + 1;
  return [Number(match[1]), Math.min(last, size)];
}

function bodyOf(
  file: ServedFile,
  start: number,
  end: number,
): ReadableStream<Uint8Array> {
  let at = start;
  return new ReadableStream({
    pull(controller): void {
      if (at >= end) return controller.close();
      const length = Math.min(PIECE, end - at);
      controller.enqueue(file.at(at, length));
      at += length;
    },
  }, { highWaterMark: 0 });
}
