/** Options of every read. */
export interface ReadOptions {
  /** Ends the read early: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits for a promise, or rejects with the signal's reason as soon as it aborts.
 * The work behind the promise continues.
 */
export async function unlessAborted<Value>(
  pending: Promise<Value>,
  signal?: AbortSignal,
): Promise<Value> {
  if (!signal) return await pending;
  if (signal.aborted) {
    // The reader has left before it could handle a failure of the promise.
    pending.catch(() => {});
    throw signal.reason;
  }
  const aborted = Promise.withResolvers<never>();
  const leave = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", leave);
  try {
    return await Promise.race([pending, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}
