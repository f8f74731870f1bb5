import { clearTimeout, setTimeout } from "node:timers";
import type {
  ReadAheadHost,
  ReadAheadLease,
  ReadAheadOptions,
} from "../../stream/host.ts";
import type { Session } from "../../session.ts";
import type {
  Remote,
  RemoteRead,
  RemoteReader,
  WorkerResult,
} from "./messages.ts";
import { ReaderWorker } from "./reader.ts";
import { WorkerLease } from "./_lease.ts";

const IDLE_MS = 2000;

/**
 * Workers, each with sessions of its own. They end with the last reader that
 * holds a lease, or without any when nothing is read for a while.
 */
export class WorkerPool implements ReadAheadHost {
  readonly #workers: readonly ReaderWorker[];
  readonly #homes = new Map<string, RemoteReader>();
  // By their lists: a spread with another name is still the same session.
  readonly #remotes = new WeakMap<Session["presentations"], Remote>();
  readonly #leases = new Set<WorkerLease>();
  #wasLeased = false;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(size: number) {
    this.#workers = Array.from({ length: size }, () => new ReaderWorker());
  }

  get concurrency(): number {
    return this.#workers.length;
  }

  /** Makes a session known by what the workers are asked. */
  adopt(session: Session, remote: Remote): void {
    this.#remotes.set(session.presentations, remote);
  }

  begin(options: ReadAheadOptions): ReadAheadLease {
    const lanes = Math.min(options.concurrency, this.#workers.length);
    const lease = new WorkerLease({
      workers: this.#workers.slice(0, lanes),
      waiting: options.waiting,
      remoteOf: (session) => this.#remotes.get(session.presentations),
      read: (read, worker, signal) => this.#read(read, worker, signal),
      ended: () => {
        this.#leases.delete(lease);
        this.#rest();
      },
    });
    this.#leases.add(lease);
    this.#wasLeased = true;
    return lease;
  }

  /** A read for somebody who waits: what was read ahead, or else at once. */
  async read(read: RemoteRead, signal?: AbortSignal): Promise<WorkerResult> {
    signal?.throwIfAborted();
    for (const lease of this.#leases) {
      const ahead = lease.take(read, signal);
      if (ahead) return await ahead;
    }
    return await this.#read(read, this.#leastBusy(), signal);
  }

  /** Reads in the session's own worker, at first the one that is suggested. */
  async #read(
    read: RemoteRead,
    suggested: RemoteReader,
    signal?: AbortSignal,
  ): Promise<WorkerResult> {
    clearTimeout(this.#idle);
    const worker = this.#homes.get(read.home) ?? suggested;
    this.#homes.set(read.home, worker);
    try {
      return await worker.read(read, signal);
    } finally {
      this.#rest();
    }
  }

  #leastBusy(): RemoteReader {
    return this.#workers.reduce((least, worker) =>
      worker.busy < least.busy ? worker : least
    );
  }

  /** Ends the workers if nobody is there: at once, if somebody was. */
  #rest(): void {
    clearTimeout(this.#idle);
    if (this.#leases.size > 0) return;
    if (this.#workers.some(({ busy }) => busy > 0)) return;
    if (this.#wasLeased) return this.#end();
    this.#idle = setTimeout(() => this.#end(), IDLE_MS).unref();
  }

  #end(): void {
    this.#homes.clear();
    for (const worker of this.#workers) worker.end();
  }
}
