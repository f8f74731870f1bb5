import { unlessAborted } from "./abort.ts";

interface Pass<Value> {
  readonly result: Promise<Value>;
  readonly leaving: AbortController;
  waiting: number;
  isDone: boolean;
}

/**
 * A value that is loaded at its first use and then shared. The load ends when
 * all who wait for it have left; a failure is told to all of them and not kept.
 */
export class SharedLoad<Value> {
  readonly #load: (signal: AbortSignal) => Promise<Value>;
  #pass: Pass<Value> | null = null;

  constructor(load: (signal: AbortSignal) => Promise<Value>) {
    this.#load = load;
  }

  /** The value; rejects with the signal's reason as soon as that aborts. */
  async get(signal?: AbortSignal): Promise<Value> {
    signal?.throwIfAborted();
    const pass = this.#pass ??= this.#begin();
    pass.waiting++;
    try {
      return await unlessAborted(pass.result, signal);
    } finally {
      this.#leave(pass);
    }
  }

  #begin(): Pass<Value> {
    const leaving = new AbortController();
    const result = this.#load(leaving.signal);
    const pass = { result, leaving, waiting: 0, isDone: false };
    result.then(
      () => pass.isDone = true,
      // Those who wait are told; the next reader tries again.
      () => this.#forget(pass),
    );
    return pass;
  }

  #leave(pass: Pass<Value>): void {
    pass.waiting--;
    if (pass.waiting > 0 || pass.isDone) return;
    this.#forget(pass);
    pass.leaving.abort();
  }

  #forget(pass: Pass<Value>): void {
    if (this.#pass === pass) this.#pass = null;
  }
}
