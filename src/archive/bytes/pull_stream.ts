import type { ReadOptions } from "../../base/abort.ts";

/**
 * A stream that reads a piece when one is asked for, and stops at once when it
 * is left.
 *
 * @param read Starts reading; the signal tells it that nobody waits any more,
 * for a pending read to reject.
 * @param options The caller's own signal: the stream then errors with its
 * reason, also while no piece is pending.
 */
export function pullStream(
  read: (signal: AbortSignal) => AsyncGenerator<Uint8Array>,
  options: ReadOptions = {},
): ReadableStream<Uint8Array> {
  const left = new AbortController();
  const signal = options.signal === undefined
    ? left.signal
    : AbortSignal.any([options.signal, left.signal]);
  const pieces = read(signal);
  return new ReadableStream<Uint8Array>({
    start(controller): void {
      const abort = (): void => {
        controller.error(signal.reason);
        // A pending read rejects with the same reason, which is told above.
        pieces.return(undefined).catch(() => {});
      };
      if (signal.aborted) return abort();
      options.signal?.addEventListener("abort", abort, { signal: left.signal });
    },
    async pull(controller): Promise<void> {
      try {
        const { done, value } = await pieces.next();
        if (signal.aborted) return;
        if (!done) return controller.enqueue(value);
        controller.close();
      } catch (error) {
        controller.error(signal.aborted ? signal.reason : error);
      }
      left.abort();
    },
    async cancel(): Promise<void> {
      left.abort();
      await pieces.return(undefined);
    },
  }, { highWaterMark: 0 });
}
