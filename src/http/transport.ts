/** Network, clock and random numbers of requests; tests replace them. */
export interface Transport {
  /** Sends one request; redirects are not followed. */
  readonly fetch: (url: URL, init: RequestInit) => Promise<Response>;
  /** Waits, or rejects with the signal's reason as soon as that aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Random number from 0 to below 1. */
  readonly random: () => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Longest wait for an answer to begin, in ms. */
  readonly answerTimeoutMs: number;
  /** Longest wait for the next bytes of an answer, in ms. */
  readonly idleTimeoutMs: number;
}

/** Sends the requests for one or more files. */
export interface Sender {
  /** Network that it uses. */
  readonly transport: Transport;
  /** Sends a request, and again after passing faults. */
  send(
    address: URL,
    init: RequestInit & { readonly signal: AbortSignal },
  ): Promise<Response>;
}

/** Network, clock and random numbers of the platform. */
export const platformTransport: Transport = {
  // Looked up at each call: the program may have replaced it.
  fetch: (url, init) => fetch(url, init),
  sleep,
  random: Math.random,
  now: Date.now,
  // CRCNS fetches from cold storage: a first byte can take minutes.
  answerTimeoutMs: 600_000,
  idleTimeoutMs: 120_000,
};

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const leave = (): void => {
    clearTimeout(timer);
    reject(signal?.reason);
  };
  const timer = setTimeout(() => {
    signal?.removeEventListener("abort", leave);
    resolve();
  }, ms);
  signal?.addEventListener("abort", leave, { once: true });
  return promise;
}

/**
 * Reason of a failed request, without addresses: that of a redirect may carry a
 * signature.
 */
export function networkReason(error: TypeError): string {
  const { cause } = error;
  const text = cause instanceof Error ? cause.message : error.message;
  const reason = /client error \([^()]*\): (.*)$/s.exec(text)?.[1];
  if (reason !== undefined) return reason;
  return text.includes("://") ? "the request failed" : text;
}
