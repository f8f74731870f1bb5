import {
  ArchiveError,
  DataError,
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

/** Memory of the library beyond which it reads no further file: 64 MiB. */
const MOST_HEAP_BYTES = 1 << 26;
/** Looks at the progress of a worker until it counts as stalled. */
const LOOKS = 8;

/** File that an {@linkcode Hdf5Instance} reads. */
export interface InstanceFile {
  /** Path or address, as errors name it. */
  readonly name: string;
  /** Length in bytes. */
  readonly size: number;
  readonly limits: Limits;
  /** Fetches bytes; without it, the name is a path that the worker opens. */
  readonly fetch?:
    | ((stretch: Stretch, signal: AbortSignal) => Promise<Uint8Array>)
    | undefined;
}

/** A worker with the library, which reads one file after the other. */
export class Hdf5Instance {
  readonly #stallMs: number;
  readonly #worker: Thread;
  readonly #progress = new Int32Array(new SharedArrayBuffer(4));
  #memory: ReturnType<typeof channelMemory> | undefined;
  #file: InstanceFile | undefined;
  #controller = new AbortController();
  #next = 0;
  #fetches = 0;
  #pending: PromiseWithResolvers<unknown> | undefined;
  #state: "closed" | "open" | "failed" | "ended" = "closed";
  #isLoaded = false;
  #closing: Promise<void> | undefined;

  /** @param stallMs Longest time without progress, in ms. */
  constructor(stallMs: number) {
    this.#stallMs = stallMs;
    let thrown: unknown;
    this.#worker = startThread(workerUrl(), {
      message: (reply) => this.#receive(reply as Reply),
      error: (error) => thrown = error,
      exit: () => {
        // A module that does not load is no fault of the file.
        if (thrown !== undefined && !this.#isLoaded) this.end(thrown);
        else this.#fail("the library crashed on it");
      },
    });
  }

  /** Whether it has a file open, and can read it. */
  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** Whether it can open a file. */
  get isUsable(): boolean {
    return this.#state !== "ended";
  }

  /** Opens a file, and closes the one before. */
  async open(file: InstanceFile, signal?: AbortSignal): Promise<void> {
    await this.#closing;
    this.#file = file;
    this.#controller = new AbortController();
    const { name, size, limits, fetch } = file;
    this.#memory = fetch && (this.#memory ?? channelMemory());
    const from = this.#memory ? { size, memory: this.#memory } : name;
    const place = { from, limits, progress: this.#progress };
    this.#state = "failed";
    await this.ask({ what: "open", place }, signal);
    this.#state = "open";
  }

  /** Closes the file, if that can be done; ends the worker otherwise. */
  async close(): Promise<void> {
    if (!this.isUsable || this.#state === "closed") return;
    if (this.#pending) return this.end();
    this.#controller.abort();
    await (this.#closing = this.#close());
  }

  async #close(): Promise<void> {
    try {
      const heapBytes = await this.ask({ what: "close" });
      this.#state = "closed";
      this.#file = undefined;
      if (heapBytes as number > MOST_HEAP_BYTES) this.end();
    } catch (error) {
      // Its worker may end before it answers. A damaged file may fail to close;
      // nothing more is read of it.
      if (this.isUsable && !(error instanceof DataError)) throw error;
      this.end();
    }
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
    const leave = (): void => this.end(signal?.reason);
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

  /** Ends the worker, whatever it does; a pending read rejects. */
  end(reason?: unknown): void {
    if (!this.isUsable) return;
    this.#state = "ended";
    this.#pending?.reject(reason ?? closedError(this.#file));
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
      this.#pending?.reject(errorOf(fault, this.#file));
      if (fault.after === "failed") this.#state = "failed";
      if (fault.after === "broken") this.end();
    }
  }

  /** Fetches for the worker; a failure is that of the read. */
  async #fetch(stretch: Stretch): Promise<void> {
    const { fetch } = this.#file ?? {};
    const { signal } = this.#controller;
    if (!fetch || !this.#memory || signal.aborted) return;
    this.#fetches++;
    try {
      const bytes = await fetch(stretch, signal);
      if (!signal.aborted) handOver(this.#memory, bytes);
    } catch (error) {
      this.end(error);
    } finally {
      this.#fetches--;
    }
  }

  #fail(why: string): void {
    const archive = this.#file?.name;
    this.end(new FormatError(`Cannot read HDF5: ${why}`, { archive }));
  }

  /** Fails the read once the worker makes no progress: a damaged file can loop. */
  #watch(): () => void {
    const stallMs = this.#stallMs;
    let [seen, idle] = [-1, 0];
    const timer = setInterval(() => {
      const now = Atomics.load(this.#progress, 0);
      // At 0 the library is loading.
      const isBusy = now === seen && now > 0 && this.#fetches === 0;
      idle = isBusy ? idle + 1 : 0;
      seen = now;
      // Looks are counted, so that a computer that sleeps does not fail a read.
      if (idle < LOOKS) return;
      this.#fail(
        `it keeps the library busy for ${stallMs} ms without progress`,
      );
    }, stallMs / LOOKS);
    return () => clearInterval(timer);
  }
}

function errorOf(
  { kind, message, member }: PlainFault,
  file: InstanceFile | undefined,
): DataError {
  return new CLASSES[kind](message, { archive: file?.name, member });
}

function closedError(file: InstanceFile | undefined): TypeError {
  return new TypeError(
    `Cannot read HDF5: ${file?.name} is closed, expected it open`,
  );
}

/** The worker's module; where that is remote, a local one that imports it. */
function workerUrl(): URL {
  const url = new URL("./_worker.ts", import.meta.url);
  if (url.protocol === "file:") return url;
  const imports = `import ${JSON.stringify(url.href)}`;
  return new URL(`data:text/javascript,${encodeURIComponent(imports)}`);
}
