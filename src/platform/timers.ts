/**
 * Calls a function once after a while; in Deno and Node the wait does not keep
 * the process alive.
 *
 * @returns Cancels the call.
 */
export function idleTimer(call: () => void, delayMs: number): () => void {
  const timer: unknown = setTimeout(call, delayMs);
  if (typeof timer === "number") {
    if (typeof Deno !== "undefined") Deno.unrefTimer(timer);
    return () => clearTimeout(timer);
  }
  // Node gives an object.
  const { unref } = timer as { unref?: () => void };
  unref?.call(timer);
  return () => clearTimeout(timer as number);
}

/** Resolves after the event loop has delivered what other threads sent. */
export function eventLoopTurn(): Promise<void> {
  // A timer takes 1 ms at least, and 2 ms in Deno.
  const { setImmediate = (call: () => void): unknown => setTimeout(call, 0) } =
    globalThis as { setImmediate?: (call: () => void) => unknown };
  return new Promise((resolve) => void setImmediate(resolve));
}
