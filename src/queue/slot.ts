import { idleTimer } from "../platform/timers.ts";
import { startThread, type Thread } from "../platform/threads.ts";
import type { SourceWarning } from "../sources/mod.ts";
import type {
  SessionProgress,
  SessionTask,
  TaskReply,
  WrittenSession,
} from "./session_task.ts";

/** A session failed: in its thread, or with it. */
export class TaskError extends Error {
  override name: string = "TaskError";
  /** Whether another attempt would fail in the same way. */
  readonly isFinal: boolean;

  constructor(message: string, isFinal: boolean = false) {
    super(message);
    this.isFinal = isFinal;
  }
}

/** Receives news of a session that is being written. */
export interface TaskListener {
  readonly progress: (progress: SessionProgress) => void;
  readonly warning: (warning: SourceWarning) => void;
}

interface Pending {
  readonly resolve: (written: WrittenSession) => void;
  readonly reject: (error: unknown) => void;
  readonly listener: TaskListener;
  cancelTimer: () => void;
}

/**
 * A thread that writes one session at a time, so that this one stays free to renew
 * the locks of its jobs, and can end a session that hangs.
 */
export class Slot {
  readonly #hangMs: number;
  readonly #module: URL;
  #thread: Thread | undefined;
  #pending: Pending | undefined;

  /**
   * @param module Code of the thread.
   * @param hangMs Longest time without progress, in ms.
   */
  constructor(module: URL, hangMs: number) {
    this.#module = module;
    this.#hangMs = hangMs;
  }

  /** Whether a session is being written. */
  get isBusy(): boolean {
    return this.#pending !== undefined;
  }

  /**
   * Writes a session; to be called while the slot is free.
   *
   * @throws {TaskError} If it cannot, or hangs.
   */
  async write(
    task: SessionTask,
    listener: TaskListener,
  ): Promise<WrittenSession> {
    const thread = this.#thread ??= this.#start();
    const { promise, resolve, reject } = Promise.withResolvers<
      WrittenSession
    >();
    this.#pending = { resolve, reject, listener, cancelTimer: () => {} };
    this.#watch();
    thread.post(task);
    try {
      return await promise;
    } finally {
      this.#pending.cancelTimer();
      this.#pending = undefined;
    }
  }

  /** Ends the thread; a session under way fails. */
  end(reason: string = "its worker has ended"): void {
    const thread = this.#thread;
    this.#thread = undefined;
    thread?.end();
    this.#pending?.reject(new TaskError(`Cannot write session: ${reason}`));
  }

  #start(): Thread {
    let thrown: unknown;
    const thread = startThread(this.#module, {
      message: (reply) => this.#receive(reply as TaskReply),
      error: (error) => thrown = error,
      exit: (code) => {
        if (this.#thread !== thread) return;
        const cause = thrown === undefined
          ? `its thread has ended with code ${code}`
          : `its thread has crashed: ${thrown}`;
        this.end(cause);
      },
    });
    return thread;
  }

  #receive(reply: TaskReply): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#watch();
    if ("progress" in reply) pending.listener.progress(reply.progress);
    else if ("warning" in reply) pending.listener.warning(reply.warning);
    else if ("written" in reply) pending.resolve(reply.written);
    else {
      const { message, isFinal } = reply.failure;
      pending.reject(new TaskError(message, isFinal));
    }
  }

  /** Starts the time without progress anew. */
  #watch(): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    pending.cancelTimer();
    pending.cancelTimer = idleTimer(() => {
      this.end(`no progress for ${this.#hangMs / 1000} s`);
    }, this.#hangMs);
  }
}
