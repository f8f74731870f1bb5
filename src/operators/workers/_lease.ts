import { SharedLoad } from "../../base/shared_load.ts";
import type { ReadAheadLease } from "../../stream/lineage.ts";
import type { Session } from "../../session.ts";
import type {
  Listed,
  Remote,
  RemoteRead,
  RemoteReader,
  WorkerResult,
} from "./messages.ts";

/** Bytes of arrays that may wait for the reader. */
const MAX_WAITING_BYTES = 64 * 2 ** 20;

/** Parts that a lease works with. */
export interface WorkerLeaseParts {
  readonly workers: readonly RemoteReader[];
  /** Reads beside workers, or alone; without it all workers start. */
  readonly local?: RemoteReader | undefined;
  readonly waiting?: number;
  readonly remoteOf: (session: Session) => Remote | undefined;
  readonly read: (
    read: RemoteRead,
    worker: RemoteReader,
    signal: AbortSignal,
  ) => Promise<WorkerResult>;
  readonly ended: () => void;
}

/**
 * Work for each thread: loading modules and warming up takes a worker about 0.4 s.
 * With less for two threads, one is as fast.
 */
const WORK_MS = 700;

interface Ahead {
  /** Waited for by this lease and by the reader that takes it. */
  readonly load: SharedLoad<WorkerResult>;
  readonly presentations: number;
  bytes: number;
  failure?: { readonly error: unknown };
}

/**
 * Reads announced sessions ahead: each worker one session after the other, one
 * read at a time, while less waits for the reader than the limits allow.
 */
export class WorkerLease implements ReadAheadLease {
  readonly #parts: WorkerLeaseParts;
  readonly #controller = new AbortController();
  #idle: RemoteReader[] = [];
  #workers: readonly RemoteReader[] = [];
  #ready: Promise<void> | undefined;
  readonly #queue: Remote[] = [];
  readonly #claimed = new Set<string>();
  readonly #ahead = new Map<string, Ahead>();
  #bytes = 0;
  #presentations = 0;
  #changed = Promise.withResolvers<void>();

  constructor(parts: WorkerLeaseParts) {
    this.#parts = parts;
    const { local, workers, waiting } = parts;
    if (waiting !== 0) this.#start(local ? [local] : workers);
  }

  announce(session: Session): void {
    const remote = this.#parts.remoteOf(session);
    if (remote) this.#queue.push(remote);
    if (this.#parts.local === undefined) return this.#dispatch();
    // Sources mostly emit all their sessions in one turn.
    this.#ready ??= Promise.resolve().then(() => {
      this.#ready = undefined;
      this.#startPaying();
      this.#dispatch();
    });
  }

  /** Resolves once it is known who reads the sessions announced so far. */
  get ready(): Promise<void> | undefined {
    return this.#ready;
  }

  end(): void {
    this.#controller.abort();
    this.#ahead.clear();
    this.#wake();
    this.#parts.ended();
  }

  /** A result read ahead, or under way; null if that read was not begun. */
  take(
    { key }: RemoteRead,
    signal?: AbortSignal,
  ): Promise<WorkerResult> | null {
    this.#claimed.add(key);
    const ahead = this.#ahead.get(key);
    if (ahead === undefined) return null;
    this.#ahead.delete(key);
    this.#release(ahead.presentations, ahead.bytes);
    if (ahead.failure) return Promise.reject(ahead.failure.error);
    // Another reader's, perhaps: it goes on when this lease ends.
    return ahead.load.get(signal);
  }

  #start(workers: readonly RemoteReader[]): void {
    this.#workers = workers;
    this.#idle = [...workers];
  }

  /** Starts workers beside this thread where enough waits for them. */
  #startPaying(): void {
    const { local, workers, waiting } = this.#parts;
    if (waiting === 0 || !local || this.#workers.length > 1) return;
    const workMs = this.#queue.reduce((sum, { workMs }) => sum + workMs, 0);
    const threads = Math.min(workers.length, Math.floor(workMs / WORK_MS));
    const more = workers.slice(0, Math.max(0, threads - 1));
    this.#workers = [local, ...more];
    this.#idle.push(...more);
  }

  #dispatch(): void {
    while (this.#idle.length > 0 && this.#queue.length > 0) {
      const worker = this.#idle.shift() as RemoteReader;
      const remote = this.#queue.shift() as Remote;
      this.#readSession(remote, worker).then(
        () => {
          if (this.#workers.includes(worker)) this.#idle.push(worker);
          this.#dispatch();
        },
        // The reader sees the error when it takes the result; no read follows.
        () => this.#idle.length = this.#queue.length = 0,
      );
    }
  }

  /** Resolves when the worker may be asked for another session. */
  async #readSession(remote: Remote, worker: RemoteReader): Promise<void> {
    const { signal } = this.#controller;
    const list = this.#withFirst(remote.list, worker);
    const { value } = await this.#readAhead(list, worker, 0) ??
      await this.#parts.read(list, worker, signal);
    const pending: Promise<unknown>[] = [];
    for (const [index, listed] of (value as Listed[]).entries()) {
      while (!this.#hasRoom()) await this.#change();
      // Counted before the stimulus is read, since other workers check the room.
      this.#presentations++;
      const read = this.#readPresentation(remote, listed, index, worker);
      // A failure counts at its turn.
      read.catch(() => {});
      pending.push(read);
      if (pending.length >= worker.depth) await pending.shift();
    }
    // A worker answers in order: it may be asked for the next session.
    if (worker.depth === 1) await Promise.all(pending);
  }

  /** The read of a list, behind which the worker goes on without being asked. */
  #withFirst(list: RemoteRead, { depth }: RemoteReader): RemoteRead {
    const { waiting = Infinity } = this.#parts;
    const first = depth === 1 || waiting < Infinity ? 0 : depth;
    return { ...list, wanted: { what: "list", first } };
  }

  async #readPresentation(
    remote: Remote,
    listed: Listed,
    index: number,
    worker: RemoteReader,
  ): Promise<void> {
    const { local } = this.#parts;
    const sound = remote.stimulus(listed, index);
    // One that is in this thread's memory is read when its turn comes.
    const isHere = sound.isKeptHere && local !== undefined && worker !== local;
    const stimulus = isHere ? null : this.#readAhead(sound, worker, 0);
    if (worker.depth === 1) await stimulus;
    const trials = this.#readAhead(remote.trials(index), worker, 1);
    const [, read] = await Promise.all([stimulus, trials]);
    if (read === null) this.#release(1, 0);
  }

  /** Reads ahead; null if the reader was faster. */
  async #readAhead(
    read: RemoteRead,
    worker: RemoteReader,
    presentations: number,
  ): Promise<WorkerResult | null> {
    const { signal } = this.#controller;
    signal.throwIfAborted();
    if (this.#claimed.has(read.key)) return null;
    this.#claimed.add(read.key);
    const load = new SharedLoad((signal) =>
      this.#parts.read(read, worker, signal)
    );
    const ahead: Ahead = { load, presentations, bytes: 0 };
    this.#ahead.set(read.key, ahead);
    try {
      const done = await load.get(signal);
      if (this.#ahead.get(read.key) === ahead) {
        ahead.bytes = done.bytes;
        this.#bytes += done.bytes;
      }
      return done;
    } catch (error) {
      ahead.failure = { error };
      throw error;
    }
  }

  #release(presentations: number, bytes: number): void {
    this.#presentations -= presentations;
    this.#bytes -= bytes;
    this.#wake();
  }

  #hasRoom(): boolean {
    const { waiting = Infinity } = this.#parts;
    return this.#bytes < MAX_WAITING_BYTES && this.#presentations < waiting;
  }

  async #change(): Promise<void> {
    await this.#changed.promise;
    this.#controller.signal.throwIfAborted();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}
