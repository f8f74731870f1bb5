import { fromEvent, lastValueFrom, type Observable, takeUntil } from "rxjs";

/**
 * The last value of a stream. If the signal aborts, the stream is unsubscribed:
 * a sink then leaves its file in order before the process ends.
 *
 * @throws The reason of the signal, or the error of the stream.
 */
export async function lastUnlessAborted<Value>(
  stream: Observable<Value>,
  signal: AbortSignal,
): Promise<Value> {
  signal.throwIfAborted();
  const left = stream.pipe(takeUntil(fromEvent(signal, "abort")));
  try {
    return await lastValueFrom(left);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
