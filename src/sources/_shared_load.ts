import { unlessAborted } from "./_unless_aborted.ts";

/**
 * A value that is loaded at its first use and then shared. One caller's leaving
 * neither ends another's wait nor is kept as a failure.
 */
export class SharedLoad<Value> {
  readonly #load: (signal?: AbortSignal) => Promise<Value>;
  #pending: Promise<Value> | null = null;

  constructor(load: (signal?: AbortSignal) => Promise<Value>) {
    this.#load = load;
  }

  /** The value; rejects with the signal's reason when that aborts. */
  async get(signal?: AbortSignal): Promise<Value> {
    signal?.throwIfAborted();
    const shared = this.#pending;
    const pending = this.#pending ??= this.#load(signal);
    try {
      return await (shared ? unlessAborted(shared, signal) : pending);
    } catch (error) {
      signal?.throwIfAborted();
      if (this.#pending === pending) this.#pending = null;
      if (shared && isAbort(error)) return this.get(signal);
      throw error;
    }
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
