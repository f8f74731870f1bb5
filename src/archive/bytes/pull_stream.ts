import type { ReadOptions } from "../../base/abort.ts";

/**
 * Stream that reads a piece per pull, and stops at once when it is cancelled.
 *
 * @param read Starts reading; its signal aborts a pending read when the stream is
 * cancelled.
 * @param options The caller's signal: the stream errors with its reason, also
 * while no piece is pending.
 */
export function pullStream(
  read: (signal: AbortSignal) => AsyncGenerator<Uint8Array>,
  options: ReadOptions = {},
): ReadableStream<Uint8Array> {
  const controller = new AbortController();
  const signal = options.signal === undefined
    ? controller.signal
    : AbortSignal.any([options.signal, controller.signal]);
  const pieces = read(signal);
  return new ReadableStream<Uint8Array>({
    start(stream): void {
      const abort = (): void => {
        stream.error(signal.reason);
        // A pending read rejects with the same reason.
        pieces.return(undefined).catch(() => {});
      };
      if (signal.aborted) return abort();
      options.signal?.addEventListener("abort", abort, {
        signal: controller.signal,
      });
    },
    async pull(stream): Promise<void> {
      try {
        const { done, value } = await pieces.next();
        if (signal.aborted) return;
        if (!done) return stream.enqueue(value);
        stream.close();
      } catch (error) {
        stream.error(signal.aborted ? signal.reason : error);
      }
      controller.abort();
    },
    async cancel(): Promise<void> {
      controller.abort();
      await pieces.return(undefined);
    },
  }, { highWaterMark: 0 });
}
