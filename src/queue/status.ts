import { shownName } from "../http/address.ts";
import type { Connection } from "./connection.ts";
import { type QueuedRun, runOfJob, type SessionJob } from "./run.ts";
import { openQueue, RunStore } from "./session_queue.ts";

/** How far a run is: its sessions by state. */
export interface RunStatus {
  /** Id of the run. */
  readonly run: string;
  /** Path, or address without its query. */
  readonly data: string;
  readonly place: string;
  readonly format: string;
  /** Time of the first submission, ISO 8601. */
  readonly submitted: string;
  /** Number of sessions, those among them that were written before. */
  readonly sessions: number;
  /** Sessions that wait for a worker. */
  waiting: number;
  /** Sessions under way. */
  active: number;
  /** Sessions that wait for another attempt. */
  delayed: number;
  /** Sessions whose shards are there. */
  done: number;
  /** Sessions that failed for good. */
  failed: number;
}

/** A session under way. */
export interface ActiveSession extends SessionJob {
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  /** Time since it began, in ms. */
  readonly ms: number;
  /** Presentations that are read, as last reported. */
  readonly done?: number;
  readonly total?: number;
}

/** A session that failed for good. */
export interface FailedSession extends SessionJob {
  readonly reason: string;
  /** Attempts that it had. */
  readonly attempts: number;
  /** Time of the last failure, ISO 8601. */
  readonly at: string;
}

/** State of a queue. */
export interface QueueStatus {
  readonly runs: readonly RunStatus[];
  readonly active: readonly ActiveSession[];
  readonly failed: readonly FailedSession[];
}

/** Options of {@linkcode queueStatus}. */
export interface StatusOptions {
  /** Name of the queue. */
  readonly queue: string;
  /** Most failed sessions to list. */
  readonly maxFailed: number;
}

type Count = "waiting" | "active" | "delayed" | "done" | "failed";

const STATES = {
  wait: "waiting",
  prioritized: "waiting",
  active: "active",
  delayed: "delayed",
  completed: "done",
  failed: "failed",
} as const satisfies Readonly<Record<string, Count>>;

/** Reason that BullMQ gives where a session has lost its worker too often. */
const LOST = "job stalled more than allowable limit";

/** Counts the sessions of a queue and lists those under way and those that failed. */
export async function queueStatus(
  { client }: Connection,
  { queue: name, maxFailed }: StatusOptions,
): Promise<QueueStatus> {
  const queue = openQueue(client, name);
  try {
    const runs = new Map(
      (await new RunStore(client, name).all())
        .map((run) => [run.id, emptyStatus(run)]),
    );
    for (const [state, count] of Object.entries(STATES)) {
      const states = [state as keyof typeof STATES];
      for (const id of await queue.getRanges(states, 0, -1)) {
        const run = runs.get(runOfJob(id));
        if (run !== undefined) run[count]++;
      }
    }
    const active = await queue.getActive();
    const failed = maxFailed === 0
      ? []
      : await queue.getFailed(0, maxFailed - 1);
    return {
      runs: [...runs.values()],
      active: active.map(({ data, progress, attemptsMade, processedOn }) => ({
        ...data,
        attempt: attemptsMade + 1,
        ms: Date.now() - (processedOn ?? Date.now()),
        ...typeof progress === "object" && progress,
      })),
      failed: failed.map((
        { data, failedReason, attemptsMade, finishedOn },
      ) => ({
        ...data,
        reason: failedReason === LOST
          ? "its workers ended again and again while it was under way: too " +
            "little memory?"
          : failedReason,
        attempts: attemptsMade,
        at: new Date(finishedOn ?? 0).toISOString(),
      })),
    };
  } finally {
    await queue.close();
  }
}

function emptyStatus(
  { id, recipe, place, format, submitted, sessions }: QueuedRun,
): RunStatus {
  return {
    ...{ run: id, data: shownName(recipe.data), place, format, submitted },
    sessions,
    ...{ waiting: 0, active: 0, delayed: 0, done: 0, failed: 0 },
  };
}
