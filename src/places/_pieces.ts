import type { ReadOptions } from "../base/abort.ts";
import { inOrder } from "../base/turns.ts";

/** Pieces that are on their way at once. */
const CONCURRENCY = 4;

/** Sends or fetches bytes of an object. */
export type PieceTask<Result> = (
  offset: number,
  length: number,
  signal: AbortSignal,
) => Promise<Result>;

/**
 * Runs a task on the pieces of an object, four at once, and visits the results in
 * their order. The first failure aborts the others.
 *
 * @param size Bytes of the object.
 * @param most Bytes of a piece; the last may have fewer.
 */
export async function eachPiece<Result>(
  size: number,
  most: number,
  task: PieceTask<Result>,
  visit: (result: Result) => void | Promise<void>,
  { signal }: ReadOptions,
): Promise<void> {
  const failed = new AbortController();
  const signals = signal ? [failed.signal, signal] : [failed.signal];
  const ending = AbortSignal.any(signals);
  const offsets = Array.from(
    { length: Math.ceil(size / most) },
    (_, index) => index * most,
  );
  const run = async (offset: number): Promise<Result> => {
    try {
      ending.throwIfAborted();
      return await task(offset, Math.min(most, size - offset), ending);
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  };
  try {
    await inOrder(offsets, CONCURRENCY, run, async (result) => {
      try {
        await visit(result);
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw failed.signal.aborted ? failed.signal.reason : error;
  }
}
