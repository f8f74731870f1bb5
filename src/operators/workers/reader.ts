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
    signal?.throwIfAborted();
    const worker = this.#worker ??= this.#start();
    this.#open(worker, read);
    const id = this.#next++;
    const { address, wanted, session } = read;
    const { promise, resolve, reject } = Promise.withResolvers<WorkerResult>();
    const abort = (): void => {
      post(worker, { abort: id });
      reject(signal?.reason);
    };
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
    if (this.#chains.has(chain.number)) return;
    this.#chains.set(chain.number, chain);
    post(worker, { open: chain.number, chain: chain.chain, shared });
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
  }
}

function post(worker: Thread, request: Request): void {
  worker.post(request);
}

function namedError(error: PlainError, session: string): Error {
  return revivedError(error, ` (session "${session}", read in a worker)`);
}
