import { startThread, type Thread } from "../../platform/threads.ts";
import { idleTimer } from "../../platform/timers.ts";
import { type PlainError, revivedError } from "./_plain_error.ts";
import type {
  OpenChain,
  RemoteReader,
  Reply,
  Request,
  WorkerRead,
  WorkerResult,
} from "./messages.ts";
import { WorkerError } from "./worker_error.ts";

/** The main thread answers late while it computes. */
const DEPTH = 4;

interface Pending {
  readonly session: string;
  resolve(result: WorkerResult): void;
  reject(error: unknown): void;
}

/**
 * A worker, started at its first read. It keeps the process alive only while it
 * reads.
 */
export class ReaderWorker implements RemoteReader {
  #worker: Thread | null = null;
  #next = 0;
  readonly #pending = new Map<number, Pending>();
  readonly #timeoutMs: number;
  readonly #chains = new Map<number, OpenChain>();
  /** Chains whose source has the value that it waits for. */
  readonly #shared = new Set<number>();

  /** @param timeoutMs Longest time that a read may take, in ms. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Reads under way. */
  get busy(): number {
    return this.#pending.size;
  }

  get isRunning(): boolean {
    return this.#worker !== null;
  }

  /** A read that waits for others would seem to take longer than it does. */
  get depth(): number {
    return this.#timeoutMs === Infinity ? DEPTH : 1;
  }

  /** Reads in the worker; rejects with the signal's reason once that aborts. */
  async read(read: WorkerRead, signal?: AbortSignal): Promise<WorkerResult> {
    // Whoever waits for the read sees a failure of this one.
    read.shared?.catch(() => {});
    signal?.throwIfAborted();
    // A wait of the worker for it would count as time of the read.
    if (this.#timeoutMs !== Infinity) await read.shared;
    const worker = this.#worker ??= this.#start();
    this.#open(worker, read);
    const id = this.#next++;
    const { address, wanted, session } = read;
    const { promise, resolve, reject } = Promise.withResolvers<WorkerResult>();
    const leave = (reason: unknown): void => {
      post(worker, { abort: id });
      reject(reason);
    };
    const abort = (): void => leave(signal?.reason);
    read.shared?.then(
      (value) => this.#share(worker, read.chain.number, value),
      leave,
    );
    this.#pending.set(id, { session, resolve, reject });
    worker.hold(true);
    const cancel = this.#watch(worker, id);
    signal?.addEventListener("abort", abort);
    try {
      post(worker, { id, address, wanted });
      return await promise;
    } finally {
      cancel();
      signal?.removeEventListener("abort", abort);
      this.#pending.delete(id);
      if (this.#pending.size === 0) worker.hold(false);
    }
  }

  /** Ends the worker; a later read starts another. */
  end(): void {
    const worker = this.#worker;
    this.#forget();
    worker?.end();
  }

  /** Ends the worker if a read takes too long; all its reads fail. */
  #watch(worker: Thread, id: number): () => void {
    const ms = this.#timeoutMs;
    if (ms === Infinity) return () => {};
    // An answer that arrived while this thread was busy is taken first.
    const timer = { cancel: (): void => {} };
    timer.cancel = idleTimer(() => {
      timer.cancel = idleTimer(() => {
        if (this.#worker !== worker || !this.#pending.has(id)) return;
        this.#failAll(`a read took over ${ms} ms`);
        worker.end();
      }, 0);
    }, ms);
    return () => timer.cancel();
  }

  #start(): Thread {
    let thrown: unknown;
    const worker = startThread(new URL("./_worker.ts", import.meta.url), {
      message: (reply) => this.#receive(reply as Reply),
      error: (error) => thrown = error,
      exit: (code) => {
        if (this.#worker === worker) this.#fail(thrown, code);
      },
    });
    return worker;
  }

  #open(worker: Thread, { chain, shared }: WorkerRead): void {
    const { number } = chain;
    if (this.#chains.has(number)) return;
    this.#chains.set(number, chain);
    const waits = shared !== undefined;
    post(worker, { open: number, chain: chain.chain, waits });
  }

  /** Sends the value that the source of a chain waits for, once. */
  #share(worker: Thread, chain: number, value: unknown): void {
    if (this.#worker !== worker || this.#shared.has(chain)) return;
    this.#shared.add(chain);
    post(worker, { shared: chain, value });
  }

  #receive(reply: Reply): void {
    if ("warning" in reply) {
      const { cause, ...warning } = reply.warning;
      const thrown = cause === undefined ? {} : { cause: revivedError(cause) };
      this.#chains.get(reply.chain)?.warn({ ...warning, ...thrown });
      return;
    }
    const pending = this.#pending.get(reply.id);
    if ("value" in reply) pending?.resolve(reply);
    else pending?.reject(namedError(reply.error, pending.session));
  }

  #fail(thrown: unknown, code: number): void {
    const reason = thrown === undefined
      ? code === 0
        ? "the worker has nothing left to do and exited"
        : `the worker exited with code ${code}`
      : `the worker crashed: ${thrown}`;
    this.#failAll(reason, thrown);
  }

  #failAll(reason: string, thrown?: unknown): void {
    this.#forget();
    for (const { session, reject } of this.#pending.values()) {
      reject(new WorkerError(session, reason, thrown));
    }
  }

  #forget(): void {
    this.#worker = null;
    this.#chains.clear();
    this.#shared.clear();
  }
}

function post(worker: Thread, request: Request): void {
  worker.post(request);
}

function namedError(error: PlainError, session: string): Error {
  return revivedError(error, ` (session "${session}", read in a worker)`);
}
