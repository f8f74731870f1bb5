import type { Observable } from "rxjs";
import type { Session } from "../session.ts";

/**
 * Visits the sessions of a stream in a `for await` loop. Nothing is read: a
 * session is a handle.
 *
 * - Handles that arrive while the loop is busy wait; thousands weigh less than one
 *   trial. For what the sessions hold, use {@linkcode toAsyncIterable}.
 * - `break`, or an error in the loop, unsubscribes. An error of the stream is
 *   thrown after all sessions before it. Every call subscribes anew.
 *
 * @example Listing the sessions of a data set
 * ```ts
 * import { eachSession, wehr } from "rxephys";
 *
 * async function list(): Promise<void> {
 *   for await (const { id, cells } of eachSession(wehr("data"))) {
 *     console.log(id, cells.length);
 *   }
 * }
 * ```
 *
 * @param sessions The stream.
 */
export async function* eachSession(
  sessions: Observable<Session>,
): AsyncGenerator<Session, void, void> {
  const waiting: Session[] = [];
  let end: { readonly error?: unknown } | undefined;
  let changed = Promise.withResolvers<void>();
  const finish = (reason: { readonly error?: unknown }): void => {
    end = reason;
    changed.resolve();
  };
  const subscription = sessions.subscribe({
    next: (session) => {
      waiting.push(session);
      changed.resolve();
    },
    error: (error) => finish({ error }),
    complete: () => finish({}),
  });
  try {
    while (true) {
      for (let next; (next = waiting.shift()) !== undefined;) yield next;
      if (end !== undefined) break;
      await changed.promise;
      changed = Promise.withResolvers<void>();
    }
    if ("error" in end) throw end.error;
  } finally {
    subscription.unsubscribe();
  }
}
