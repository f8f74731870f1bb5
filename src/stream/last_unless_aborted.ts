import { fromEvent, lastValueFrom, type Observable, takeUntil } from "rxjs";
import type { ReadOptions } from "../base/abort.ts";

/**
 * The last value of a stream. If the signal aborts, the stream is unsubscribed,
 * which ends its reads: a sink then leaves its file in order.
 *
 * @throws The reason of the signal, or the error of the stream.
 */
export async function lastUnlessAborted<Value>(
  stream: Observable<Value>,
  { signal }: ReadOptions,
): Promise<Value> {
  if (signal === undefined) return await lastValueFrom(stream);
  signal.throwIfAborted();
  const left = stream.pipe(takeUntil(fromEvent(signal, "abort")));
  try {
    return await lastValueFrom(left);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
