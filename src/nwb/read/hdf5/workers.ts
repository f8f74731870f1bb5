import { idleTimer } from "../../../platform/timers.ts";
import { Hdf5Instance } from "./_instance.ts";

/** Time after which a worker that reads no file ends, in ms. */
const IDLE_MS = 2000;

/** Options of {@linkcode Hdf5Workers}. */
export interface Hdf5WorkersOptions {
  /**
   * Longest time that the library may work without reading a byte, in ms: a
   * damaged file can loop.
   *
   * @default {30_000}
   */
  readonly stallMs?: number;
}

/**
 * Workers that have closed their file, for the files to come: to start one takes
 * 0.1 s. One is kept; one that a file has broken is not.
 */
export class Hdf5Workers implements Disposable {
  #spare: Hdf5Instance | undefined;
  #cancelIdle: () => void = () => {};
  #isDisposed = false;
  readonly #stallMs: number;

  constructor({ stallMs = 30_000 }: Hdf5WorkersOptions = {}) {
    this.#stallMs = stallMs;
  }

  /** A worker that has no file open. */
  take(): Hdf5Instance {
    const spare = this.#spare;
    this.#spare = undefined;
    this.#cancelIdle();
    return spare?.isUsable ? spare : new Hdf5Instance(this.#stallMs);
  }

  /** Closes a worker's file, and keeps the worker or ends it. */
  async give(instance: Hdf5Instance): Promise<void> {
    if (this.#isDisposed || this.#spare) return instance.end();
    this.#spare = instance;
    await instance.close();
    if (this.#spare !== instance) return;
    this.#cancelIdle = idleTimer(() => this.rest(), IDLE_MS);
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.rest();
  }

  /** Ends the worker that is kept. */
  rest(): void {
    this.#cancelIdle();
    this.#spare?.end();
    this.#spare = undefined;
  }
}
