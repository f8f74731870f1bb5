import { unlessAborted } from "../base/abort.ts";
import { checkThreadModule } from "../platform/threads.ts";
import type { SourceWarning } from "../sources/mod.ts";
import { type Job, UnrecoverableError, Worker } from "./_bullmq.ts";
import type { Connection } from "./connection.ts";
import type { QueuedRun, SessionJob } from "./run.ts";
import { OPEN_STATES, openQueue, RunStore } from "./session_queue.ts";
import type { WrittenSession } from "./session_task.ts";
import { Slot, TaskError } from "./slot.ts";

/** What happened to a session. */
export interface WorkEvent {
  /**
   * `done`: its shard is there; `retry`: it failed and waits for another attempt;
   * `failed`: it failed for good; `returned`: its worker has gone, and it is in the
   * queue again.
   */
  readonly kind: "done" | "retry" | "failed" | "returned";
  /** Id of the session; of a returned one, of its job. */
  readonly session: string;
  /** Whether the shard of a `done` one was there before. */
  readonly wasThere?: boolean;
  /** Time since the attempt began, in ms. */
  readonly ms?: number;
  /** Reason of the failure. */
  readonly reason?: string;
  /** Number of the attempt, from 1, and of those it may have. */
  readonly attempt?: number;
  readonly attempts?: number;
}

/** Options of {@linkcode work}. */
export interface WorkOptions {
  /** Name of the queue. */
  readonly queue: string;
  /** Sessions at a time, each in its own thread. */
  readonly threads: number;
  /** Time after which the sessions of a worker that has gone are free, in ms. */
  readonly lockMs: number;
  /** Time without progress after which a session fails, in ms. */
  readonly hangMs: number;
  /**
   * Code of the threads, which answer a {@linkcode SessionTask}.
   *
   * @default the one that writes shards
   */
  readonly module?: URL;
  /** Whether to end once no session is left, also with no other worker. */
  readonly untilEmpty: boolean;
  /** Ends the work after the sessions under way. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: WorkEvent) => void;
  readonly onWarning: (warning: SourceWarning) => void;
}

/** Sessions that a worker has written. */
export interface WorkSummary {
  /** Sessions whose shards are there. */
  done: number;
  /** Attempts that failed. */
  failures: number;
}

const WRITER = new URL("./_writer_thread.ts", import.meta.url);
/**
 * How often a session may lose its worker. One that ends every worker, for want of
 * memory, is not started for ever.
 */
const MAX_LOST = 5;
/** Pause after a failed command, and between two looks for an empty queue, in ms. */
const PAUSE_MS = 500;
/** Shortest time between two reports of progress, in ms. */
const PROGRESS_MS = 1000;

/**
 * Takes sessions out of a queue and writes their shards, until the signal aborts or,
 * if that is asked for, no session is left.
 *
 * - A thread computes, this one renews the locks: a long session keeps its lock, one
 *   that hangs is ended.
 * - Abortion ends the work after the sessions under way. A process that is killed
 *   loses its locks, and other workers take its sessions.
 *
 * @throws {DownloadError} If Redis does not answer for too long.
 * @throws {UnsupportedError} If the module of the threads is missing.
 */
export async function work(
  connection: Connection,
  options: WorkOptions,
): Promise<WorkSummary> {
  const { queue: name, threads, lockMs, hangMs, signal } = options;
  const { module = WRITER } = options;
  const { client } = connection;
  // Without it, this worker would fail every session of the queue.
  await checkThreadModule("work", module);
  const slots = Array.from({ length: threads }, () => new Slot(module, hangMs));
  const summary: WorkSummary = { done: 0, failures: 0 };
  const runs = cachedRuns(new RunStore(client, name));

  const write = async (job: Job<SessionJob>): Promise<WrittenSession> => {
    const run = await runs(job.data.run);
    const slot = slots.find(({ isBusy }) => !isBusy);
    if (slot === undefined) throw new Error("Cannot work: no thread is free");
    try {
      return await slot.write({ ...job.data, run }, {
        progress: reported(job),
        warning: options.onWarning,
      });
    } catch (error) {
      const isFinal = error instanceof TaskError && error.isFinal;
      throw isFinal ? new UnrecoverableError(error.message) : error;
    }
  };

  const worker = new Worker<SessionJob, WrittenSession>(name, write, {
    connection: client,
    skipVersionCheck: true,
    concurrency: threads,
    lockDuration: lockMs,
    stalledInterval: lockMs,
    maxStalledCount: MAX_LOST,
    runRetryDelay: PAUSE_MS,
  });
  reportEvents(worker, options, summary);
  const emptied = new AbortController();
  if (options.untilEmpty) void endWhenEmpty(connection, name, emptied);
  const ended = AbortSignal.any([signal, emptied.signal]);
  try {
    // Only an end by the signal or by an empty queue is in order.
    await unlessAborted(connection.lost, ended).catch((error) => {
      if (!ended.aborted) throw error;
    });
    await Promise.race([worker.close(), connection.lost]);
  } finally {
    emptied.abort();
    for (const slot of slots) slot.end();
    await worker.close(true);
  }
  return summary;
}

/** Runs by their ids, each read once. */
function cachedRuns(store: RunStore): (id: string) => Promise<QueuedRun> {
  let last: QueuedRun | undefined;
  return async (id) => {
    last = last?.id === id ? last : await store.get(id);
    if (last !== undefined) return last;
    throw new UnrecoverableError(
      `Cannot write session: Redis does not have run ${id}; submit it again`,
    );
  };
}

/** Reports the progress of a job to Redis, now and then. */
function reported(
  job: Job<SessionJob>,
): (progress: { readonly done: number; readonly total: number }) => void {
  let next = performance.now() + PROGRESS_MS;
  return ({ done, total }) => {
    if (performance.now() < next) return;
    next = performance.now() + PROGRESS_MS;
    // Progress that does not arrive is no reason to fail.
    job.updateProgress({ done, total }).catch(() => {});
  };
}

function reportEvents(
  worker: Worker<SessionJob, WrittenSession>,
  { onEvent }: WorkOptions,
  summary: WorkSummary,
): void {
  const msSince = (job: Job<SessionJob>): number =>
    Date.now() - (job.processedOn ?? Date.now());
  worker.on("completed", (job, { wasThere }) => {
    summary.done++;
    const { data: { session } } = job;
    onEvent({ kind: "done", session, wasThere, ms: msSince(job) });
  });
  worker.on("failed", (job, error) => {
    if (job === undefined) return;
    summary.failures++;
    const { attemptsMade: attempt, opts: { attempts = 1 } } = job;
    onEvent({
      kind: job.finishedOn === undefined ? "retry" : "failed",
      session: job.data.session,
      ms: msSince(job),
      reason: error.message,
      ...{ attempt, attempts },
    });
  });
  worker.on("stalled", (session) => onEvent({ kind: "returned", session }));
  // Of lost connections and lost locks: Redis comes back, or `lost` ends the work;
  // another worker has the session.
  worker.on("error", () => {});
}

/** Aborts once the queue has no job that is not finished. */
async function endWhenEmpty(
  { client }: Connection,
  name: string,
  emptied: AbortController,
): Promise<void> {
  const queue = openQueue(client, name);
  while (!emptied.signal.aborted) {
    try {
      const counts = await queue.getJobCounts(...OPEN_STATES);
      if (Object.values(counts).every((count) => count === 0)) emptied.abort();
    } catch {
      // The connection has its own limit.
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  await queue.close();
}
