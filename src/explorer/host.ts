import type { ByteSource } from "../archive/bytes/byte_source.ts";
import { SAFE_HEADERS } from "./page_policy.ts";

/** A file of the page. */
export interface PageFile {
  readonly type: string;
  readonly text: string;
}

/** Content of the local server. */
export interface HostContent {
  /** Files of the page, by name. */
  readonly page: Readonly<Record<string, PageFile>>;
  /** Archives below `data/`, by name. */
  readonly archives: ReadonlyMap<string, ByteSource>;
  /** First part of all paths, which nobody else can guess. */
  readonly token: string;
}

/** Bytes that a body holds at a time. */
const PIECE_BYTES = 1 << 20;

/**
 * Answers requests for the page and for the archives, those by Range. Only what is
 * listed is there: no path leads to another file. A request that names another
 * host, as a page elsewhere makes it, is refused.
 *
 * @param request Request to 127.0.0.1.
 */
export function hostAnswer(
  { page, archives, token }: HostContent,
  request: Request,
): Response {
  const url = new URL(request.url);
  const host = request.headers.get("host") ?? url.host;
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(host)) {
    return refused(403, "this server is for this machine alone");
  }
  const path = url.pathname;
  if (!path.startsWith(`/${token}/`)) return refused(404, "nothing is there");
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refused(405, "expected GET or HEAD");
  }
  const name = path.slice(token.length + 2) || "index.html";
  const file = Object.hasOwn(page, name) ? page[name] : undefined;
  if (file !== undefined) {
    const body = request.method === "HEAD" ? null : file.text;
    return answered(200, { "content-type": file.type }, body);
  }
  const archive = archives.get(name);
  return archive === undefined
    ? refused(404, "nothing is there")
    : archiveAnswer(archive, request);
}

function archiveAnswer(archive: ByteSource, request: Request): Response {
  const { size } = archive;
  const header = request.headers.get("range");
  const range = header === null ? [0, size] as const : rangeOf(header, size);
  if (range === null) {
    const headers = { "content-range": `bytes */${size}` };
    return answered(416, headers, "no such range");
  }
  const [start, end] = range;
  const headers = {
    "content-type": "application/octet-stream",
    "content-length": String(end - start),
    "accept-ranges": "bytes",
    "etag": `"${size}"`,
    ...header !== null &&
      { "content-range": `bytes ${start}-${end - 1}/${size}` },
  };
  const body = request.method === "HEAD" ? null : bodyOf(archive, start, end);
  return answered(header === null ? 200 : 206, headers, body);
}

/** First byte and the one behind the last; null if there are none. */
function rangeOf(header: string, size: number): [number, number] | null {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (first === "" && last === "") return null;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === ""
    ? size
    : Math.min(size, Number(last) + 1);
  return start < end ? [start, end] : null;
}

function bodyOf(
  archive: ByteSource,
  start: number,
  end: number,
): ReadableStream<Uint8Array> {
  let at = start;
  const controller = new AbortController();
  return new ReadableStream({
    async pull(queue): Promise<void> {
      if (at >= end) return queue.close();
      const length = Math.min(PIECE_BYTES, end - at);
      const { signal } = controller;
      queue.enqueue(await archive.read(at, length, { signal }));
      at += length;
    },
    cancel: () => controller.abort(),
  }, { highWaterMark: 0 });
}

function refused(status: number, reason: string): Response {
  return answered(status, { "content-type": "text/plain" }, `${reason}\n`);
}

function answered(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | ReadableStream<Uint8Array> | null,
): Response {
  return new Response(body, {
    status,
    headers: { ...SAFE_HEADERS, ...headers },
  });
}
