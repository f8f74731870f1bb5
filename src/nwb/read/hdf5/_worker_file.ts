import type { ReadOptions } from "../../../base/abort.ts";
import { OneAtATime } from "../../../base/turns.ts";
import { idleTimer } from "../../../platform/timers.ts";
import type { Hdf5Instance, InstanceFile } from "./_instance.ts";
import type { Ask, ObjectAsk } from "./_messages.ts";
import type {
  Hdf5Ask,
  Hdf5Dataset,
  Hdf5File,
  Hdf5Group,
  Hdf5Object,
  Hdf5Reference,
  Hdf5Values,
  RowOptions,
  TreeOptions,
} from "./model.ts";
import type { Hdf5Source } from "./_source.ts";
import type { Hdf5Workers } from "./workers.ts";

/** Parts of a {@linkcode WorkerFile}. */
export interface WorkerFileParts extends Hdf5Source, InstanceFile {
  readonly workers: Hdf5Workers;
}

/** File that workers read, one after the other. */
export class WorkerFile implements Hdf5File {
  readonly name: string;
  readonly size: number;
  readonly stamp: string | null;
  readonly #parts: WorkerFileParts;
  readonly #queue = new OneAtATime();
  #instance: Hdf5Instance | undefined;
  #cancelIdle: () => void = () => {};
  #isClosed = false;

  constructor(parts: WorkerFileParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.size = parts.size;
    this.stamp = parts.stamp;
  }

  async names(
    path: string,
    { signal }: ReadOptions = {},
  ): Promise<readonly string[]> {
    const ask = { what: "names", path: absolute(path) } as const;
    return await this.#ask(ask, signal) as readonly string[];
  }

  async group(path: string, { signal }: ReadOptions = {}): Promise<Hdf5Group> {
    const ask = { what: "group", path: absolute(path) } as const;
    return await this.#ask(ask, signal) as Hdf5Group;
  }

  async dataset(
    path: string,
    { signal }: ReadOptions = {},
  ): Promise<Hdf5Dataset> {
    const ask = { what: "dataset", path: absolute(path) } as const;
    return await this.#ask(ask, signal) as Hdf5Dataset;
  }

  async tree(
    path: string,
    { signal, maxObjects }: TreeOptions = {},
  ): Promise<readonly Hdf5Object[]> {
    const ask = { what: "tree", path: absolute(path), maxObjects } as const;
    return await this.#ask(ask, signal) as readonly Hdf5Object[];
  }

  async read(
    path: string,
    { signal, start, stop }: RowOptions = {},
  ): Promise<Hdf5Values> {
    const ask = { what: "read", path: absolute(path), start, stop } as const;
    return await this.#ask(ask, signal) as Hdf5Values;
  }

  async all(
    asks: readonly Hdf5Ask[],
    { signal }: ReadOptions = {},
  ): Promise<readonly (Hdf5Object | Hdf5Values | null)[]> {
    const all = asks.map((
      { what, path, start, stop, attributes },
    ): ObjectAsk =>
      what === "read"
        ? { what, path: absolute(path), start, stop }
        : { what, path: absolute(path), attributes }
    );
    const values = await this.#ask({ what: "all", asks: all }, signal);
    return values as readonly (Hdf5Object | Hdf5Values | null)[];
  }

  async paths(
    references: readonly Hdf5Reference[],
    { signal }: ReadOptions = {},
  ): Promise<readonly string[]> {
    const addresses = references.map(({ address }) => address);
    const ask = { what: "paths", addresses } as const;
    return await this.#ask(ask, signal) as readonly string[];
  }

  /** Starts the worker, so that a file that is not HDF5 is refused early. */
  async start(signal?: AbortSignal): Promise<void> {
    await this.#queue.run(() => this.#started(signal), { signal });
    this.#rest();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#cancelIdle();
    const instance = this.#instance;
    this.#instance = undefined;
    if (instance) await this.#parts.workers.give(instance);
  }

  async #ask(ask: Ask, signal?: AbortSignal): Promise<unknown> {
    return await this.#queue.run(async () => {
      this.#cancelIdle();
      try {
        return await (await this.#started(signal)).ask(ask, signal);
      } finally {
        this.#rest();
      }
    }, { signal });
  }

  async #started(signal?: AbortSignal): Promise<Hdf5Instance> {
    if (this.#isClosed) {
      throw new TypeError(
        `Cannot read HDF5: ${this.name} is closed, expected it open`,
      );
    }
    if (this.#instance?.isOpen) return this.#instance;
    await this.#parts.checkSame(signal);
    if (!this.#instance?.isUsable) {
      this.#instance = this.#parts.workers.take();
    }
    await this.#instance.open(this.#parts, signal);
    return this.#instance;
  }

  #rest(): void {
    this.#cancelIdle();
    if (this.#isClosed) return;
    this.#cancelIdle = idleTimer(() => {
      this.#instance?.end();
      this.#instance = undefined;
    }, this.#parts.idleMs);
  }
}

/** Path from the root, in the one form that objects have. */
function absolute(path: string): string {
  return `/${path.split("/").filter((name) => name !== "").join("/")}`;
}
