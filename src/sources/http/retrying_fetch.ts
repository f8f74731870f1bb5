import { DownloadError } from "../../errors.ts";
import { Backoff } from "./backoff.ts";
import type { CookieJar } from "./cookie_jar.ts";
import { followingFetch } from "./_following_fetch.ts";
import { networkReason } from "./_network_reason.ts";
import { platformTransport, type Transport } from "./transport.ts";

/** Answers that another try may mend. */
const PASSING = [408, 425, 429, 500, 502, 503, 504];

/** Options of {@linkcode retryingFetch}. */
export interface RetryingFetchOptions {
  /**
   * Network, clock and chance.
   *
   * @default {platformTransport}
   */
  readonly transport?: Transport;
  /** Cookies to send and to keep. */
  readonly jar?: CookieJar;
  /**
   * Tries in all.
   *
   * @default {6}
   */
  readonly tries?: number;
}

/**
 * Sends a request until it is answered by something else than a passing fault
 * (408, 425, 429, 500, 502 to 504, a connection that fails, no answer in time).
 *
 * Waits between tries as {@linkcode Backoff} does, at least as long as
 * `Retry-After` says. Redirects are followed, never from https to http.
 *
 * @param url What is asked for; errors name it.
 * @param init As for `fetch`; its `signal` also ends waiting and reading.
 * @returns The answer, whatever its status, its body not yet read.
 * @throws {DownloadError} If the tries are used up, or a redirect is refused.
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
    const answer = await oneTry(transport, url, init, jar);
    if (answer instanceof Response && !PASSING.includes(answer.status)) {
      return answer;
    }
    if (answer instanceof DownloadError) {
      await backoff.wait(answer, { signal });
      continue;
    }
    await answer.body?.cancel();
    const retryAfterMs = asked(answer.headers, transport.now());
    await backoff.wait(statusFault(answer, url), { retryAfterMs, signal });
  }
}

/** What a try that nothing mends any more is told as. */
async function oneTry(
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
    // Another try meets the same certificate.
    if (/certificate/i.test(why)) throw fault;
    return fault;
  } finally {
    clearTimeout(timer);
  }
}

function statusFault({ status }: Response, url: URL): DownloadError {
  const why = status === 429 ? "it is asked too often" : "it is out of order";
  return new DownloadError(
    `Cannot use the server: ${why} (${status}), try again later`,
    { archive: url.href },
  );
}

/** `Retry-After`, seconds or a date, in ms from now. */
function asked(headers: Headers, now: number): number {
  const text = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
