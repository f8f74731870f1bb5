import type { Connection } from "./connection.ts";
import { runOfJob } from "./run.ts";
import { OPEN_STATES, openQueue, RunStore } from "./session_queue.ts";

/** Jobs that are removed at a time. */
const CHUNK = 200;

/**
 * Takes a run out of a queue, finished sessions and failed ones as well. Sessions
 * under way are still written; shards stay.
 *
 * @returns The number of sessions that were taken out.
 * @throws {RangeError} If the queue has no such run.
 */
export async function removeRun(
  { client }: Connection,
  name: string,
  run: string,
): Promise<number> {
  const runs = new RunStore(client, name);
  if (await runs.get(run) === undefined) {
    throw new RangeError(
      `Cannot remove run: run is ${run}, expected one that status lists`,
    );
  }
  const queue = openQueue(client, name);
  try {
    const states = [...OPEN_STATES, "completed", "failed"] as const;
    const all = await queue.getRanges([...states], 0, -1);
    const own = all.filter((id) => runOfJob(id) === run);
    let removed = 0;
    for (let at = 0; at < own.length; at += CHUNK) {
      const some = own.slice(at, at + CHUNK);
      // One that is under way is locked, and counts 0.
      const counts = await Promise.all(some.map((id) => queue.remove(id)));
      removed += counts.reduce((sum, count) => sum + count, 0);
    }
    // Workers look the run up until its last session is out.
    await runs.remove(run);
    return removed;
  } finally {
    await queue.close();
  }
}
