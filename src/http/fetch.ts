import { DownloadError } from "../errors.ts";
import { Backoff } from "./backoff.ts";
import type { CookieJar } from "./cookie_jar.ts";
import {
  networkReason,
  platformTransport,
  type Transport,
} from "./transport.ts";

const REDIRECTS = [301, 302, 303, 307, 308];
const MOST_REDIRECTS = 10;

/**
 * Sends one request and follows its redirects. Cookies follow the jar's rules at
 * every hop, a body is sent to its own origin only, and https is never left.
 *
 * The platform can follow redirects, but keeps no cookies on the way.
 */
export async function followingFetch(
  transport: Transport,
  url: URL,
  init: RequestInit,
  jar?: CookieJar,
): Promise<Response> {
  let [at, hop] = [url, init];
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const response = await transport.fetch(at, {
      ...hop,
      headers: withCookies(hop.headers, jar?.header(at)),
      redirect: "manual",
    });
    if (response.type === "opaqueredirect") {
      return await followedByBrowser(transport, at, hop, url);
    }
    jar?.store(at, response.headers);
    const location = response.headers.get("location");
    if (!REDIRECTS.includes(response.status) || location === null) {
      return response;
    }
    await response.body?.cancel();
    const next = target(location, at, url);
    hop = hopAfter(response.status, hop, next.origin === at.origin, url);
    at = next;
  }
  throw redirectError(`it redirects more than ${MOST_REDIRECTS} times`, url);
}

/** Lets the browser follow: it hides where a redirect leads. */
async function followedByBrowser(
  transport: Transport,
  at: URL,
  init: RequestInit,
  asked: URL,
): Promise<Response> {
  const response = await transport.fetch(at, { ...init, redirect: "follow" });
  try {
    target(response.url, at, asked);
    return response;
  } catch (error) {
    await response.body?.cancel();
    throw error;
  }
}

function withCookies(given: HeadersInit | undefined, cookies = ""): Headers {
  const headers = new Headers(given);
  if (cookies !== "") headers.set("cookie", cookies);
  return headers;
}

function target(location: string, from: URL, asked: URL): URL {
  if (!URL.canParse(location, from.href)) {
    throw redirectError("it redirects to no address", asked);
  }
  const to = new URL(location, from);
  if (to.username !== "" || to.password !== "") {
    throw redirectError(
      "it redirects to an address with an account in it",
      asked,
    );
  }
  const isSafe = to.protocol === "https:" ||
    (to.protocol === "http:" && from.protocol === "http:");
  if (isSafe) return to;
  throw redirectError(
    `it redirects to ${to.protocol}//, expected https://`,
    asked,
  );
}

function hopAfter(
  status: number,
  { method = "GET", body = null, ...rest }: RequestInit,
  sameOrigin: boolean,
  asked: URL,
): RequestInit {
  // Fetch standard, HTTP-redirect fetch: a 303, or a POST after 301 and 302.
  const keeps = status >= 307 || (status !== 303 && method !== "POST");
  if (!keeps) return { ...rest, headers: withoutType(rest.headers) };
  if (body && !sameOrigin) {
    throw redirectError("it redirects a form to another host", asked);
  }
  return { ...rest, method, body };
}

function withoutType(given?: HeadersInit): Headers {
  const headers = new Headers(given);
  headers.delete("content-type");
  return headers;
}

// Redirects come from outside: their addresses are not repeated.
function redirectError(why: string, asked: URL): DownloadError {
  return new DownloadError(
    `Cannot follow the server: ${why}`,
    { archive: asked.href },
  );
}

/** Status codes after which another attempt may succeed. */
const PASSING = [408, 425, 429, 500, 502, 503, 504];

/** Whether another attempt may succeed after a status. */
export function isPassing(status: number): boolean {
  return PASSING.includes(status);
}

/** Options of {@linkcode retryingFetch}. */
export interface RetryingFetchOptions {
  /**
   * Network, clock and random numbers.
   *
   * @default {platformTransport}
   */
  readonly transport?: Transport;
  /** Cookies to send and to store. */
  readonly jar?: CookieJar;
  /**
   * Attempts in all.
   *
   * @default {6}
   */
  readonly tries?: number;
}

/**
 * Sends a request, and again after passing faults: 408, 425, 429, 500, 502 to 504,
 * a connection that fails, no answer in time.
 *
 * Waits between attempts as {@linkcode Backoff} does, at least as long as
 * `Retry-After` asks. Redirects are followed, never from https to http.
 *
 * @param url Address; errors name it.
 * @param init As for `fetch`; its `signal` also ends waiting and reading.
 * @returns Answer of any other status, its body not yet read.
 * @throws {DownloadError} If no attempts are left, or a redirect is refused.
 */
export async function retryingFetch(
  url: URL,
  init: RequestInit = {},
  options: RetryingFetchOptions = {},
): Promise<Response> {
  const { transport = platformTransport, jar, tries = 6 } = options;
  const signal = init.signal ?? undefined;
  const backoff = new Backoff(transport, tries);
  while (true) {
    signal?.throwIfAborted();
    const answer = await attempt(transport, url, init, jar);
    if (answer instanceof Response && !isPassing(answer.status)) {
      return answer;
    }
    if (answer instanceof DownloadError) {
      await backoff.wait(answer, { signal });
      continue;
    }
    await answer.body?.cancel();
    const retryAfterMs = retryAfter(answer.headers, transport.now());
    await backoff.wait(passingError(answer, url), { retryAfterMs, signal });
  }
}

/** Sends a request once; returns the fault if another attempt may succeed. */
async function attempt(
  transport: Transport,
  url: URL,
  init: RequestInit,
  jar?: CookieJar,
): Promise<Response | DownloadError> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), transport.answerTimeoutMs);
  const signals = init.signal ? [init.signal, late.signal] : [late.signal];
  const signal = AbortSignal.any(signals);
  try {
    return await followingFetch(transport, url, { ...init, signal }, jar);
  } catch (error) {
    init.signal?.throwIfAborted();
    const ms = transport.answerTimeoutMs;
    const why = late.signal.aborted
      ? `no answer within ${ms / 1000} s`
      : error instanceof TypeError
      ? networkReason(error)
      : null;
    if (why === null) throw error;
    const fault = new DownloadError(`Cannot reach the server: ${why}`, {
      archive: url.href,
    });
    // Another attempt would meet the same certificate.
    if (/certificate/i.test(why)) throw fault;
    return fault;
  } finally {
    clearTimeout(timer);
  }
}

function passingError({ status }: Response, url: URL): DownloadError {
  const why = status === 429 ? "it is asked too often" : "it is out of order";
  return new DownloadError(
    `Cannot use the server: ${why} (${status}), try again later`,
    { archive: url.href },
  );
}

/** `Retry-After`, seconds or a date, in ms from now. */
function retryAfter(headers: Headers, now: number): number {
  const text = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
