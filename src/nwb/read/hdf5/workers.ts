import { idleTimer } from "../../../platform/timers.ts";
import { Hdf5Instance } from "./_instance.ts";

/** Time after which a worker that reads no file ends, in ms. */
const IDLE_MS = 2000;

/**
 * Workers that have closed their file, for the files to come: to start one takes
 * 0.1 s. One is kept; one that a file has broken is not.
 */
export class Hdf5Workers implements Disposable {
  #spare: Hdf5Instance | undefined;
  #cancelIdle: () => void = () => {};
  #isDisposed = false;

  /** A worker that has no file open. */
  take(): Hdf5Instance {
    const spare = this.#spare;
    this.#spare = undefined;
    this.#cancelIdle();
    return spare?.isUsable ? spare : new Hdf5Instance();
  }

  /** Closes a worker's file, and keeps the worker or ends it. */
  async give(instance: Hdf5Instance): Promise<void> {
    if (this.#isDisposed || this.#spare) return instance.end();
    this.#spare = instance;
    await instance.close();
    if (this.#spare !== instance) return;
    this.#cancelIdle = idleTimer(() => this.#end(), IDLE_MS);
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#end();
  }

  #end(): void {
    this.#cancelIdle();
    this.#spare?.end();
    this.#spare = undefined;
  }
}
