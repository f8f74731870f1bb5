import { unlessAborted } from "./abort.ts";

interface Pass<Value> {
  readonly result: Promise<Value>;
  readonly controller: AbortController;
  waiting: number;
  isDone: boolean;
}

/**
 * A value that is loaded at its first use and then shared. The load is aborted
 * as soon as no reader waits for it. A failure rejects all readers and is not
 * cached.
 */
export class SharedLoad<Value> {
  readonly #load: (signal: AbortSignal) => Promise<Value>;
  #pass: Pass<Value> | null = null;

  constructor(load: (signal: AbortSignal) => Promise<Value>) {
    this.#load = load;
  }

  /** Value; rejects with the signal's reason as soon as it aborts. */
  async get(signal?: AbortSignal): Promise<Value> {
    signal?.throwIfAborted();
    const pass = this.#pass ??= this.#begin();
    pass.waiting++;
    let isWaiting = true;
    const leave = (): void => {
      if (isWaiting) this.#leave(pass);
      isWaiting = false;
    };
    const value = unlessAborted(pass.result, signal);
    // Behind that listener: the reader rejects with its own signal's reason.
    signal?.addEventListener("abort", leave);
    try {
      return await value;
    } finally {
      signal?.removeEventListener("abort", leave);
      leave();
    }
  }

  #begin(): Pass<Value> {
    const controller = new AbortController();
    const result = this.#load(controller.signal);
    const pass = { result, controller, waiting: 0, isDone: false };
    result.then(
      () => pass.isDone = true,
      // Each waiting reader gets the error; the next one loads again.
      () => this.#forget(pass),
    );
    return pass;
  }

  #leave(pass: Pass<Value>): void {
    pass.waiting--;
    if (pass.waiting > 0 || pass.isDone) return;
    this.#forget(pass);
    pass.controller.abort();
  }

  #forget(pass: Pass<Value>): void {
    if (this.#pass === pass) this.#pass = null;
  }
}
