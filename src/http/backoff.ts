import type { Transport } from "./transport.ts";

/** First and longest wait, in ms, before the jitter. */
const FIRST_MS = 1000;
const LONGEST_MS = 60_000;
/** Longest wait that a server may ask for, in ms. */
const LONGEST_ASKED_MS = 600_000;

/** Options of {@linkcode Backoff.wait}. */
export interface BackoffWait {
  /** Wait that the server asks for, in ms. */
  readonly retryAfterMs?: number;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits between attempts: 1, 2, 4, ... up to 60 s, each times a random factor of
 * 1/2 to 1, so that clients that failed together do not return together. A wait
 * that the server asks for is observed, with the same jitter added.
 */
export class Backoff {
  readonly #transport: Transport;
  readonly #tries: number;
  #failed = 0;

  /**
   * @param transport Clock and random numbers.
   * @param tries Consecutive failures after which waiting ends.
   */
  constructor(transport: Transport, tries: number) {
    this.#transport = transport;
    this.#tries = tries;
  }

  /** Restarts the count after a success. */
  reset(): void {
    this.#failed = 0;
  }

  /**
   * Waits until the next attempt is due.
   *
   * @throws The failure, if no attempts are left or the server asks for more than
   * 10 min; the signal's reason, if it aborts.
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
