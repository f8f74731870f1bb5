import {
  ArchiveError,
  type DataError,
  FormatError,
  LimitError,
  UnsupportedError,
} from "../../../errors.ts";
import { startThread, type Thread } from "../../../platform/threads.ts";
import type {
  Ask,
  FilePlace,
  Opened,
  PlainFault,
  Reply,
  Request,
} from "./_messages.ts";

const CLASSES = {
  archive: ArchiveError,
  format: FormatError,
  limit: LimitError,
  unsupported: UnsupportedError,
};

/** How often the progress of a worker is looked at, in ms. */
const LOOK_MS = 250;

/** Options of an {@linkcode Hdf5Instance}. */
export interface InstanceOptions {
  /** Name of the file in errors. */
  readonly name: string;
  /** Longest time without progress, in ms. */
  readonly stallMs: number;
}

/**
 * A worker with the library and one open file. It answers one read after the
 * other, and is of no use after a failure.
 */
export class Hdf5Instance {
  readonly #options: InstanceOptions;
  readonly #worker: Thread;
  readonly #progress: Int32Array;
  #next = 0;
  #pending: PromiseWithResolvers<unknown> | undefined;
  #isUsable = true;
  #isLoaded = false;

  constructor(options: InstanceOptions) {
    this.#options = options;
    this.#progress = new Int32Array(new SharedArrayBuffer(4));
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
  async open(
    place: Omit<FilePlace, "progress">,
    signal?: AbortSignal,
  ): Promise<Opened> {
    const opening = { ...place, progress: this.#progress };
    const opened = await this.ask({ what: "open", place: opening }, signal);
    return opened as Opened;
  }

  /**
   * Asks for one thing; the one asked for before must have been answered.
   *
   * @throws {DataError} If the file is damaged, or of a kind that is not read.
   * @throws The signal's reason, as soon as it aborts: the worker ends.
   */
  async ask(ask: Ask, signal?: AbortSignal): Promise<unknown> {
    signal?.throwIfAborted();
    const pending = Promise.withResolvers<unknown>();
    this.#pending = pending;
    const leave = (): void => {
      pending.reject(signal?.reason);
      this.end();
    };
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
    this.#worker.end();
  }

  #receive(reply: Reply): void {
    this.#isLoaded = true;
    if ("value" in reply) return this.#pending?.resolve(reply.value);
    this.#reject(errorOf(reply.fault, this.#options.name));
  }

  #fail(why: string): void {
    const message = `Cannot read HDF5: ${why}`;
    this.#reject(errorOf({ kind: "format", message }, this.#options.name));
  }

  #reject(error: unknown): void {
    this.#pending?.reject(error);
    // The worker's exit would fail the read as well.
    this.end();
  }

  /** Fails the read once the worker makes no progress: a damaged file can loop. */
  #watch(): () => void {
    const { stallMs } = this.#options;
    const looks = Math.ceil(stallMs / LOOK_MS);
    let [seen, idle] = [-1, 0];
    const timer = setInterval(() => {
      const now = Atomics.load(this.#progress, 0);
      idle = now === seen ? idle + 1 : 0;
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
