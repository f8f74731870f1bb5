import { Queue, type Redis } from "./_bullmq.ts";
import type { QueuedRun, SessionJob } from "./run.ts";

/** States of the jobs that are not finished. */
export const OPEN_STATES = [
  "wait",
  "prioritized",
  "delayed",
  "active",
] as const;

/** Opens a queue of sessions, to be closed. */
export function openQueue(client: Redis, name: string): Queue<SessionJob> {
  const queue = new Queue<SessionJob>(name, {
    connection: client,
    skipVersionCheck: true,
  });
  // An event without a listener would end the process; commands throw the same.
  queue.on("error", () => {});
  return queue;
}

/** The runs of a queue, in Redis. */
export class RunStore {
  readonly #client: Redis;
  readonly #key: string;

  /** @param queue Name of the queue. */
  constructor(client: Redis, queue: string) {
    this.#client = client;
    this.#key = `rxephys:${queue}:runs`;
  }

  /** A run by its id; undefined if there is none. */
  async get(id: string): Promise<QueuedRun | undefined> {
    const text = await this.#client.hget(this.#key, id);
    return text === null ? undefined : JSON.parse(text);
  }

  /** Stores a run unless its id is there, and returns the one that is. */
  async put(run: QueuedRun): Promise<QueuedRun> {
    await this.#client.hsetnx(this.#key, run.id, JSON.stringify(run));
    return await this.get(run.id) ?? run;
  }

  /** Removes a run, if it is there. */
  async remove(id: string): Promise<void> {
    await this.#client.hdel(this.#key, id);
  }

  /** All runs, first submitted first. */
  async all(): Promise<QueuedRun[]> {
    const texts = await this.#client.hvals(this.#key);
    return texts.map((text): QueuedRun => JSON.parse(text))
      .sort((a, b) => a.submitted < b.submitted ? -1 : 1);
  }
}
