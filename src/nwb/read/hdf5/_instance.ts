import {
  ArchiveError,
  type DataError,
  FormatError,
  LimitError,
  UnsupportedError,
} from "../../../errors.ts";
import type { Stretch } from "../../../archive/bytes/stretches.ts";
import type { Limits } from "../../../base/limits.ts";
import { startThread, type Thread } from "../../../platform/threads.ts";
import { channelMemory, failFetch, handOver } from "./_channel.ts";
import type { Ask, PlainFault, Reply, Request } from "./_messages.ts";

const CLASSES = {
  archive: ArchiveError,
  format: FormatError,
  limit: LimitError,
  unsupported: UnsupportedError,
};

/** Time between two looks at the progress of a worker, in ms. */
const LOOK_MS = 250;

/** File that an {@linkcode Hdf5Instance} reads. */
export interface InstanceFile {
  /** Path or address, as errors name it. */
  readonly name: string;
  /** Length in bytes. */
  readonly size: number;
  readonly limits: Limits;
  /** Longest time without progress, in ms. */
  readonly stallMs: number;
  /** Fetches bytes; without it, the name is a path that the worker opens. */
  readonly fetch?:
    | ((stretch: Stretch, signal: AbortSignal) => Promise<Uint8Array>)
    | undefined;
}

/**
 * A worker with the library and one open file. It answers one read after the
 * other, and is of no use after a failure.
 */
export class Hdf5Instance {
  readonly #file: InstanceFile;
  readonly #worker: Thread;
  readonly #progress = new Int32Array(new SharedArrayBuffer(4));
  readonly #memory: ReturnType<typeof channelMemory> | undefined;
  readonly #controller = new AbortController();
  #next = 0;
  #fetches = 0;
  #pending: PromiseWithResolvers<unknown> | undefined;
  #isUsable = true;
  #isLoaded = false;

  constructor(file: InstanceFile) {
    this.#file = file;
    this.#memory = file.fetch && channelMemory();
    let thrown: unknown;
    this.#worker = startThread(workerUrl(), {
      message: (reply) => this.#receive(reply as Reply),
      error: (error) => thrown = error,
      exit: () => {
        // A module that does not load is no fault of the file.
        if (thrown !== undefined && !this.#isLoaded) this.#reject(thrown);
        else this.#fail("the library crashed on it");
      },
    });
  }

  /** Whether further reads can succeed. */
  get isUsable(): boolean {
    return this.#isUsable;
  }

  /** Opens the file. */
  async open(signal?: AbortSignal): Promise<void> {
    const { name, size, limits } = this.#file;
    const memory = this.#memory;
    const from = memory ? { size, memory } : name;
    const place = { from, limits, progress: this.#progress };
    await this.ask({ what: "open", place }, signal);
  }

  /**
   * Asks for one thing; the one asked for before must have been answered.
   *
   * @throws {DataError} If the file is damaged, or of a kind that is not read, or
   * its bytes cannot be had.
   * @throws The signal's reason, as soon as it aborts: the worker ends.
   */
  async ask(ask: Ask, signal?: AbortSignal): Promise<unknown> {
    signal?.throwIfAborted();
    const pending = Promise.withResolvers<unknown>();
    this.#pending = pending;
    const leave = (): void => this.#reject(signal?.reason);
    signal?.addEventListener("abort", leave);
    this.#worker.hold(true);
    const unwatch = this.#watch();
    try {
      this.#worker.post({ id: this.#next++, ask } satisfies Request);
      return await pending.promise;
    } finally {
      unwatch();
      signal?.removeEventListener("abort", leave);
      this.#pending = undefined;
      this.#worker.hold(false);
    }
  }

  /** Ends the worker, whatever it does. */
  end(): void {
    this.#isUsable = false;
    this.#controller.abort();
    if (this.#memory) failFetch(this.#memory);
    this.#worker.end();
  }

  #receive(reply: Reply): void {
    this.#isLoaded = true;
    if ("fetch" in reply) void this.#fetch(reply.fetch);
    else if ("value" in reply) this.#pending?.resolve(reply.value);
    else {
      const { fault } = reply;
      this.#pending?.reject(errorOf(fault, this.#file.name));
      if (!fault.isIntact) this.end();
    }
  }

  /** Fetches for the worker; a failure is that of the read. */
  async #fetch(stretch: Stretch): Promise<void> {
    const { fetch } = this.#file;
    const { signal } = this.#controller;
    if (!fetch || !this.#memory || signal.aborted) return;
    this.#fetches++;
    try {
      const bytes = await fetch(stretch, signal);
      if (!signal.aborted) handOver(this.#memory, bytes);
    } catch (error) {
      this.#reject(error);
    } finally {
      this.#fetches--;
    }
  }

  #fail(why: string): void {
    const archive = this.#file.name;
    this.#reject(new FormatError(`Cannot read HDF5: ${why}`, { archive }));
  }

  #reject(error: unknown): void {
    this.#pending?.reject(error);
    // After that: the worker's exit fails the read as well.
    this.end();
  }

  /** Fails the read once the worker makes no progress: a damaged file can loop. */
  #watch(): () => void {
    const { stallMs } = this.#file;
    const looks = Math.ceil(stallMs / LOOK_MS);
    let [seen, idle] = [-1, 0];
    const timer = setInterval(() => {
      const now = Atomics.load(this.#progress, 0);
      const isBusy = now === seen && this.#fetches === 0;
      idle = isBusy ? idle + 1 : 0;
      seen = now;
      // Looks are counted, so that a computer that sleeps does not fail a read.
      if (idle <= looks) return;
      this.#fail(
        `it keeps the library busy for ${stallMs} ms without progress`,
      );
    }, LOOK_MS);
    return () => clearInterval(timer);
  }
}

function errorOf(
  { kind, message, member }: PlainFault,
  archive: string,
): DataError {
  return new CLASSES[kind](message, { archive, member });
}

/** The worker's module; where that is remote, a local one that imports it. */
function workerUrl(): URL {
  const url = new URL("./_worker.ts", import.meta.url);
  if (url.protocol === "file:") return url;
  const imports = `import ${JSON.stringify(url.href)}`;
  return new URL(`data:text/javascript,${encodeURIComponent(imports)}`);
}
