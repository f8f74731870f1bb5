import type { Session, Trials } from "rxephys";
import type { Observable } from "rxjs";
import answering from "./answering.ts";

const aborted = Promise.withResolvers<void>();
let reads = 0;

/** Both reads wait until the first one is aborted. */
export default function waits(): Observable<Session> {
  return answering("waits", async ({ signal } = {}): Promise<Trials> => {
    if (reads++ === 0) {
      signal?.addEventListener("abort", () => aborted.resolve());
      // The timer keeps the worker alive.
      const timer = setInterval(() => {}, 1000);
      await aborted.promise;
      clearInterval(timer);
      signal?.throwIfAborted();
    }
    await aborted.promise;
    return { responses: [], tally: { range: 0, step: 0, xcorr: 0, kept: 1 } };
  });
}
