import type { ReadOptions } from "../../session.ts";
import { unlessAborted } from "../../_unless_aborted.ts";

/** Runs tasks one after the other, first come first served. */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Runs a task once those before it have ended, however they ended.
   *
   * @throws The signal's reason, as soon as it aborts while the task waits.
   */
  async run<Value>(
    task: () => Promise<Value>,
    { signal }: ReadOptions = {},
  ): Promise<Value> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    // Who leaves the queue must not let those behind overtake those ahead.
    this.#last = before.then(() => promise);
    try {
      await unlessAborted(before, signal);
      return await task();
    } finally {
      resolve();
    }
  }
}
