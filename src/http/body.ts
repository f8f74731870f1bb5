import { DownloadError } from "../errors.ts";
import {
  networkReason,
  platformTransport,
  type Transport,
} from "./transport.ts";
import { Backoff } from "./backoff.ts";
import { checkStatus } from "./answer.ts";

/** Options of {@linkcode retryingText}. */
export interface RetryingTextOptions {
  /**
   * Network, clock and random numbers.
   *
   * @default {platformTransport}
   */
  readonly transport?: Transport;
  /** Ends request, reading and waiting. */
  readonly signal?: AbortSignal | undefined;
}

/** Most bytes of a text. */
const MAX_BYTES = 8 << 20;
/** Attempts to read a text to its end. */
const TRIES = 6;

/**
 * Fetches a whole text; one whose body breaks off is requested again.
 *
 * @param request Sends a request, and retries it.
 * @throws {DownloadError} If the text cannot be had, or as `request` does.
 * @throws {DataNotFoundError | CredentialError} As {@linkcode checkStatus}.
 */
export async function retryingText(
  url: URL,
  request: (url: URL, init: RequestInit) => Promise<Response>,
  options: RetryingTextOptions = {},
): Promise<string> {
  const { transport = platformTransport, signal } = options;
  const backoff = new Backoff(transport, TRIES);
  while (true) {
    const response = await request(url, { signal: signal ?? null });
    await checkStatus(url, response, [200]);
    try {
      return await bodyText(url, response, MAX_BYTES, { transport, signal });
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error;
      await backoff.wait(error, { signal });
    }
  }
}

/** Options of {@linkcode bodyPieces}. */
export interface BodyOptions {
  /**
   * Limits how long the next bytes may take.
   *
   * @default {platformTransport}
   */
  readonly transport?: Transport;
  /** Ends the reading, also a pending read. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Body of an answer, piece by piece. Leaving the loop cancels it.
 *
 * @param url Address that errors name.
 * @throws {DownloadError} If the connection is cut or no bytes arrive in time; an
 * answer shorter than announced is a connection that was cut.
 */
export async function* bodyPieces(
  url: URL,
  response: Response,
  options: BodyOptions = {},
): AsyncGenerator<Uint8Array> {
  const { transport = platformTransport, signal } = options;
  const reader = response.body?.getReader();
  if (!reader) return;
  let longestMs = transport.answerTimeoutMs;
  try {
    while (true) {
      // Before the read, which would reject with nobody awaiting it.
      signal?.throwIfAborted();
      const { done, value } = await within(reader.read(), longestMs, signal);
      if (done) return;
      yield value;
      longestMs = transport.idleTimeoutMs;
    }
  } catch (error) {
    signal?.throwIfAborted();
    const why = reasonOf(error);
    if (why === null) throw error;
    throw new DownloadError(`Cannot read the answer: ${why}`, {
      archive: url.href,
    });
  } finally {
    // A reader that has failed rejects with the same error again.
    await reader.cancel().catch(() => {});
  }
}

/** Body of an answer as text of at most `maxBytes`. */
export async function bodyText(
  url: URL,
  response: Response,
  maxBytes: number,
  options: BodyOptions = {},
): Promise<string> {
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  for await (const piece of bodyPieces(url, response, options)) {
    bytes += piece.length;
    if (bytes > maxBytes) {
      throw new DownloadError(
        `Cannot read the answer: it is longer than ${maxBytes} bytes`,
        { archive: url.href },
      );
    }
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

class LateError extends Error {}

function reasonOf(error: unknown): string | null {
  if (error instanceof LateError) return error.message;
  return error instanceof TypeError ? networkReason(error) : null;
}

async function within<Value>(
  pending: Promise<Value>,
  ms: number,
  signal?: AbortSignal,
): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new LateError(`no more bytes within ${ms / 1000} s`)),
    ms,
  );
  const leave = (): void => reject(signal?.reason);
  signal?.addEventListener("abort", leave);
  try {
    return await Promise.race([pending, promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", leave);
  }
}
