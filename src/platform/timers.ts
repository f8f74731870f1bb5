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
