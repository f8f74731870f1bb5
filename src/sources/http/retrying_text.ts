import { DownloadError } from "../../errors.ts";
import { Backoff } from "./backoff.ts";
import { bodyText } from "./body_pieces.ts";
import { checkStatus } from "./check_status.ts";
import { platformTransport, type Transport } from "./transport.ts";

/** Options of {@linkcode retryingText}. */
export interface RetryingTextOptions {
  /**
   * Network, clock and chance.
   *
   * @default {platformTransport}
   */
  readonly transport?: Transport;
  /** Ends the request, the reading and the waiting. */
  readonly signal?: AbortSignal;
}

/** Longest text that is read, in bytes. */
const MAX_BYTES = 8 << 20;
/** Tries in all to read to the end. */
const TRIES = 6;

/**
 * A whole text from an address; one whose body breaks off is asked for again.
 *
 * @param request Sends the request, with tries of its own.
 * @throws {DownloadError} If it cannot be had, or as `request` does.
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
    const response = await request(url, { signal });
    await checkStatus(url, response, [200]);
    try {
      return await bodyText(url, response, MAX_BYTES, { transport, signal });
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error;
      await backoff.wait(error, { signal });
    }
  }
}
