import { inFolder } from "../support/in_folder.ts";
import {
  type RedisServer,
  redisServer,
} from "../support/servers/redis_server.ts";
import { parseRedisAddress } from "../../src/queue/address.ts";
import { type Connection, connectRedis } from "../../src/queue/connection.ts";
import type { QueuedRun } from "../../src/queue/run.ts";
import { type QueueStatus, queueStatus } from "../../src/queue/status.ts";
import {
  submit,
  type SubmitOptions,
  type SubmitSummary,
} from "../../src/queue/submit.ts";
import {
  work,
  type WorkEvent,
  type WorkOptions,
  type WorkSummary,
} from "../../src/queue/work.ts";

/** Name of the tests' queue. */
const QUEUE = "tests";

/** A queue on a server of its own. */
export interface Queued {
  readonly folder: string;
  readonly server: RedisServer;
  readonly connection: Connection;
  /** Queues sessions of a run that writes to the folder. */
  submit(
    sessions: readonly string[],
    options?: Partial<SubmitOptions>,
  ): Promise<SubmitSummary>;
  /** Works on the queue until it is empty, with threads that obey names. */
  work(
    options?: Partial<WorkOptions>,
  ): Promise<{ summary: WorkSummary; events: WorkEvent[] }>;
  status(): Promise<QueueStatus>;
}

/** A run that writes to a folder. */
export function runIn(folder: string): QueuedRun {
  const recipe = { dataSet: "wehr", data: "/data", options: {} } as const;
  return {
    ...{ id: "0123456789abcdef", recipe, place: folder, format: "npz" },
    ...{ sessions: 1, submitted: "2026-01-01T00:00:00.000Z" },
  };
}

/** Calls a function with a queue. */
export function withQueue(
  use: (queued: Queued) => Promise<void>,
): Promise<void> {
  return inFolder(async (folder) => {
    const settings = ["--appendonly", "yes"];
    await using server = await redisServer(folder, { settings });
    const { signal } = new AbortController();
    const address = parseRedisAddress(server.url, "--redis");
    const connect = (): Promise<Connection> =>
      connectRedis(address, {
        act: "test",
        startMs: 5000,
        lostMs: 2000,
        signal,
      });
    await using connection = await connect();
    await use({
      ...{ folder, server, connection },
      submit: (sessions, options) =>
        submit(connection, runIn(folder), {
          ...{ queue: QUEUE, sessions, signal, attempts: 2, backoffMs: 50 },
          ...{ retriesFailed: false, written: new Set<number>() },
          ...options,
        }),
      work: async (options) => {
        const events: WorkEvent[] = [];
        await using own = await connect();
        const summary = await work(own, {
          ...{ queue: QUEUE, threads: 1, lockMs: 1000, hangMs: 20_000, signal },
          untilEmpty: true,
          module: new URL("./_tricky_thread.js", import.meta.url),
          onEvent: (event) => events.push(event),
          onWarning: () => {},
          ...options,
        });
        return { summary, events };
      },
      status: () => queueStatus(connection, { queue: QUEUE, maxFailed: 10 }),
    });
  });
}
