import type { Transport } from "./transport.ts";

/** First and longest wait, in ms, before the jitter. */
const FIRST_MS = 1000;
const LONGEST_MS = 60_000;
/** Longest wait that a server may ask for, in ms. */
const LONGEST_ASKED_MS = 600_000;

/** How one failure is waited for. */
export interface BackoffWait {
  /** What the server asks to wait, in ms. */
  readonly retryAfterMs?: number;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits between tries: 1, 2, 4, ... up to 60 s, each times a random part of 1/2
 * to 1, so that many who failed together do not come back together. A wait that
 * the server asks for is kept, and the same jitter added.
 */
export class Backoff {
  readonly #transport: Transport;
  readonly #tries: number;
  #failed = 0;

  /**
   * @param transport Its clock and its chance.
   * @param tries Failures without {@linkcode Backoff.reset} that end it.
   */
  constructor(transport: Transport, tries: number) {
    this.#transport = transport;
    this.#tries = tries;
  }

  /** Counts from anew: something went well. */
  reset(): void {
    this.#failed = 0;
  }

  /**
   * Waits until the next try is due.
   *
   * @throws The failure, if the tries are used up or the server asks for more
   * than 10 min; the signal's reason, if that aborts.
   */
  async wait(
    failure: Error,
    { retryAfterMs = 0, signal }: BackoffWait,
  ): Promise<void> {
    this.#failed++;
    if (this.#failed >= this.#tries || retryAfterMs > LONGEST_ASKED_MS) {
      throw failure;
    }
    const full = Math.min(FIRST_MS * 2 ** (this.#failed - 1), LONGEST_MS);
    const jittered = full * (1 + this.#transport.random()) / 2;
    const ms = retryAfterMs > 0 ? retryAfterMs + jittered : jittered;
    await this.#transport.sleep(ms, signal);
  }
}
