import { idleTimer } from "../../platform/timers.ts";
import type {
  ReadAheadHost,
  ReadAheadLease,
  ReadAheadOptions,
} from "../../stream/lineage.ts";
import type { Session } from "../../session.ts";
import type {
  Remote,
  RemoteRead,
  RemoteReader,
  WorkerResult,
} from "./messages.ts";
import { ReaderWorker } from "./reader.ts";
import { LocalReader } from "./_local_reader.ts";
import { WorkerLease } from "./_lease.ts";

const IDLE_MS = 2000;

/** Options of a pool. */
export interface PoolOptions {
  readonly workers: number;
  /** Whether this thread reads where workers do not pay. */
  readonly withLocal: boolean;
  /** Longest time that a read in a worker may take, in ms. */
  readonly timeoutMs: number;
}

/**
 * Workers, each with its sessions. They end with the last lease, or without any
 * lease when nothing was read for a while.
 */
export class WorkerPool implements ReadAheadHost {
  readonly #workers: readonly RemoteReader[];
  readonly #local: LocalReader | undefined;
  readonly #homes = new Map<string, RemoteReader>();
  // Keyed by the list: a spread with another name is still the same session.
  readonly #remotes = new WeakMap<Session["presentations"], Remote>();
  readonly #leases = new Set<WorkerLease>();
  #wasLeased = false;
  #cancelIdle: () => void = () => {};

  constructor({ workers, withLocal, timeoutMs }: PoolOptions) {
    this.#local = withLocal ? new LocalReader() : undefined;
    this.#workers = Array.from(
      { length: workers },
      () => new ReaderWorker(timeoutMs),
    );
  }

  get concurrency(): number {
    return this.#workers.length;
  }

  /** Registers a session and how workers read it. */
  adopt(session: Session, remote: Remote): void {
    this.#remotes.set(session.presentations, remote);
  }

  begin(options: ReadAheadOptions): ReadAheadLease {
    const { concurrency = this.concurrency } = options;
    const lanes = Math.min(concurrency, this.#workers.length);
    const lease = new WorkerLease({
      workers: this.#workers.slice(0, lanes),
      local: this.#local,
      ...(options.waiting !== undefined && { waiting: options.waiting }),
      remoteOf: (session) => this.#remotes.get(session.presentations),
      read: (read, worker, signal) => this.#read(read, () => worker, signal),
      ended: () => {
        this.#leases.delete(lease);
        this.#rest();
      },
    });
    this.#leases.add(lease);
    this.#wasLeased = true;
    return lease;
  }

  /** Takes a result that was read ahead, or reads at once. */
  async read(read: RemoteRead, signal?: AbortSignal): Promise<WorkerResult> {
    signal?.throwIfAborted();
    for (const lease of this.#leases) {
      if (lease.ready) await lease.ready;
      const ahead = lease.take(read, signal);
      if (ahead) return await ahead;
    }
    return await this.#read(read, () => this.#leastBusy(), signal);
  }

  /** Reads in the session's worker; the first read suggests one. */
  async #read(
    read: RemoteRead,
    suggested: () => RemoteReader,
    signal?: AbortSignal,
  ): Promise<WorkerResult> {
    this.#cancelIdle();
    try {
      const local = this.#localFor(read, suggested);
      if (local) return await local.read(read, signal);
      const shared = read.chain.shared?.(signal ? { signal } : {});
      const worker = this.#homes.get(read.home) ?? suggested();
      this.#homes.set(read.home, worker);
      return await worker.read({ ...read, shared }, signal);
    } finally {
      this.#rest();
    }
  }

  /** This thread, if it is the one that reads. */
  #localFor(
    { home, isKeptHere = false }: RemoteRead,
    suggested: () => RemoteReader,
  ): LocalReader | undefined {
    const local = this.#local;
    if (!local) return undefined;
    if (isKeptHere) return local;
    if ((this.#homes.get(home) ?? suggested()) !== local) return undefined;
    this.#homes.set(home, local);
    return local;
  }

  #leastBusy(): RemoteReader {
    const local = this.#local;
    // With a lease, no worker starts for a read that is due now.
    const workers = local && this.#leases.size > 0
      ? this.#workers.filter(({ isRunning }) => isRunning)
      : this.#workers;
    return [...local ? [local] : [], ...workers].reduce((least, worker) =>
      worker.busy < least.busy ? worker : least
    );
  }

  /** Ends idle workers: at once after the last lease, else after a while. */
  #rest(): void {
    this.#cancelIdle();
    if (this.#leases.size > 0) return;
    if (this.#workers.some(({ busy }) => busy > 0)) return;
    if (this.#wasLeased) return this.#end();
    this.#cancelIdle = idleTimer(() => this.#end(), IDLE_MS);
  }

  #end(): void {
    this.#homes.clear();
    for (const worker of this.#workers) worker.end();
  }
}
