import type { Connection } from "./connection.ts";
import { jobId, type QueuedRun, type SessionJob } from "./run.ts";
import { OPEN_STATES, openQueue, RunStore } from "./session_queue.ts";

/** Options of {@linkcode submit}. */
export interface SubmitOptions {
  /** Name of the queue. */
  readonly queue: string;
  /** Ids of all sessions of the recipe, in its order. */
  readonly sessions: readonly string[];
  /** Positions of the sessions whose shards are in the place. */
  readonly written: ReadonlySet<number>;
  /** Attempts that a session has. */
  readonly attempts: number;
  /** Pause after the first failed attempt, in ms; doubles with each. */
  readonly backoffMs: number;
  /** Whether sessions that failed for good are queued again. */
  readonly retriesFailed: boolean;
  readonly signal: AbortSignal;
}

/** Sessions of a submission, by what became of them. */
export interface SubmitSummary {
  /** Id of the run. */
  readonly run: string;
  /** Sessions of the recipe. */
  readonly sessions: number;
  /** Sessions that are new in the queue. */
  readonly added: number;
  /** Sessions whose shards are in the place. */
  readonly written: number;
  /** Sessions that were in the queue. */
  readonly queued: number;
  /** Sessions that failed for good before, and are not queued again. */
  readonly failed: number;
}

/** Jobs that one command adds. */
const CHUNK = 500;

/**
 * Queues the sessions of a run whose shards are not there, each once: a run that is
 * submitted again adds nothing that is in the queue.
 */
export async function submit(
  { client }: Connection,
  run: QueuedRun,
  { queue: name, sessions, attempts, backoffMs, ...options }: SubmitOptions,
): Promise<SubmitSummary> {
  const queue = openQueue(client, name);
  try {
    await new RunStore(client, name).put(run);
    const open = new Set(await queue.getRanges([...OPEN_STATES], 0, -1));
    const failed = new Set(await queue.getRanges(["failed"], 0, -1));
    const done = new Set(await queue.getRanges(["completed"], 0, -1));
    let [queued, left] = [0, 0];
    const wanted: SessionJob[] = [];
    for (const [position, session] of sessions.entries()) {
      const id = jobId(run.id, position);
      if (options.written.has(position)) continue;
      if (open.has(id)) queued++;
      else if (failed.has(id) && !options.retriesFailed) left++;
      else {
        wanted.push({ run: run.id, position, session });
        // A finished job of the same id would be taken for this one.
        if (failed.has(id) || done.has(id)) await queue.remove(id);
      }
    }
    for (let at = 0; at < wanted.length; at += CHUNK) {
      options.signal.throwIfAborted();
      await queue.addBulk(
        wanted.slice(at, at + CHUNK).map((data) => ({
          name: data.session,
          data,
          opts: {
            jobId: jobId(data.run, data.position),
            attempts,
            backoff: { type: "exponential", delay: backoffMs },
          },
        })),
      );
    }
    return {
      ...{ run: run.id, sessions: sessions.length, added: wanted.length },
      ...{ written: options.written.size, queued, failed: left },
    };
  } finally {
    await queue.close();
  }
}
