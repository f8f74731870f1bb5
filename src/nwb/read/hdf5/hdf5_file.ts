import { ArchiveError } from "../../../errors.ts";
import { statPath } from "../../../archive/bytes/byte_source.ts";
import type { ReadOptions } from "../../../base/abort.ts";
import { checkedLimits, type Limits } from "../../../base/limits.ts";
import { OneAtATime } from "../../../base/turns.ts";
import { checkThreads } from "../../../platform/threads.ts";
import { idleTimer } from "../../../platform/timers.ts";
import { Hdf5Instance } from "./_instance.ts";
import type { Ask } from "./_messages.ts";
import type {
  Hdf5Dataset,
  Hdf5Group,
  Hdf5Object,
  Hdf5Reference,
  Hdf5Values,
} from "./model.ts";

const ACT = "read HDF5";
/** Time after the last read until the worker ends and the file is closed, in ms. */
const IDLE_MS = 2000;
/** Default of {@linkcode OpenHdf5Options.stallMs}. */
const STALL_MS = 30_000;

/** Options of {@linkcode openHdf5}. */
export interface OpenHdf5Options extends ReadOptions {
  /** Most that the file may claim before it is refused. */
  readonly limits?: Partial<Limits>;
  /**
   * Longest time that the library may work without reading a byte, in ms.
   *
   * @default {30_000}
   */
  readonly stallMs?: number;
}

/** Options of {@linkcode Hdf5File.tree}. */
export interface TreeOptions extends ReadOptions {
  /**
   * Most objects before the tree is refused.
   *
   * @default the limit `members`
   */
  readonly maxObjects?: number | undefined;
}

/** Options of {@linkcode Hdf5File.read}. */
export interface RowOptions extends ReadOptions {
  /**
   * First row.
   *
   * @default {0}
   */
  readonly start?: number | undefined;
  /**
   * Row after the last one, at most the length.
   *
   * @default the length of the first axis
   */
  readonly stop?: number | undefined;
}

/**
 * HDF5 file whose library runs in a worker of its own, which starts with a read
 * and ends when nothing is read for 2 s.
 *
 * Reads wait for one another. One that is aborted ends the worker, and so does one
 * that fails; the next read starts another. Each throws:
 *
 * - `FormatError` if the file is damaged, or has no such object;
 * - `UnsupportedError` if it holds a kind of data that is not decoded, or refers
 *   to another file;
 * - `LimitError` if it claims more than a limit allows;
 * - `ArchiveError` if the file has changed since it was opened.
 */
export interface Hdf5File extends AsyncDisposable {
  /** Path or address, as errors name it. */
  readonly name: string;
  /** Length in bytes. */
  readonly size: number;
  /** Length and time of the last change, which a changed file does not share. */
  readonly stamp: string;
  /** Names of the members of a group: reads none of the members. */
  names(path: string, options?: ReadOptions): Promise<readonly string[]>;
  /** Describes a group and reads the kinds of its members. */
  group(path: string, options?: ReadOptions): Promise<Hdf5Group>;
  /** Describes a dataset. */
  dataset(path: string, options?: ReadOptions): Promise<Hdf5Dataset>;
  /**
   * Describes an object and all below it, each once, groups before their members.
   * Soft and external links are not followed.
   */
  tree(path: string, options?: TreeOptions): Promise<readonly Hdf5Object[]>;
  /** Reads a dataset, or rows of it with all other axes whole. */
  read(path: string, options?: RowOptions): Promise<Hdf5Values>;
  /**
   * Paths of referenced objects; `""` where a reference is null, or nothing in
   * the file is what it refers to.
   */
  paths(
    references: readonly Hdf5Reference[],
    options?: ReadOptions,
  ): Promise<readonly string[]>;
}

/**
 * Opens an HDF5 file.
 *
 * @param data Path of a file.
 * @throws {DataNotFoundError} If nothing is at the path.
 * @throws {FormatError} If the file is not HDF5.
 * @throws {UnsupportedError} On platforms without threads.
 */
export async function openHdf5(
  data: string,
  options: OpenHdf5Options = {},
): Promise<Hdf5File> {
  const { signal, stallMs = STALL_MS } = options;
  const limits = checkedLimits(ACT, options.limits);
  checkThreads(ACT);
  const stamp = await stampOf(data, { signal });
  const file = new WorkerFile({ name: data, ...stamp, limits, stallMs });
  try {
    await file.start(signal);
    return file;
  } catch (error) {
    await file[Symbol.asyncDispose]();
    throw error;
  }
}

interface Stamp {
  readonly size: number;
  readonly stamp: string;
}

async function stampOf(path: string, options: ReadOptions): Promise<Stamp> {
  const { size, mtime } = await statPath(ACT, path, options);
  return { size, stamp: `${size} bytes, ${mtime?.toISOString() ?? ""}` };
}

interface FileParts extends Stamp {
  readonly name: string;
  readonly limits: Limits;
  readonly stallMs: number;
}

class WorkerFile implements Hdf5File {
  readonly name: string;
  readonly size: number;
  readonly stamp: string;
  readonly #parts: FileParts;
  readonly #queue = new OneAtATime();
  #instance: Hdf5Instance | undefined;
  #cancelIdle: () => void = () => {};
  #isClosed = false;

  constructor(parts: FileParts) {
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

  [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#cancelIdle();
    this.#instance?.end();
    this.#instance = undefined;
    return Promise.resolve();
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
      throw new TypeError(`Cannot ${ACT}: ${this.name} is closed`);
    }
    const { name, limits, stallMs, stamp } = this.#parts;
    if (this.#instance?.isUsable) return this.#instance;
    const now = await stampOf(name, { signal });
    if (now.stamp !== stamp) {
      const message = `Cannot ${ACT}: it has changed since it was opened`;
      throw new ArchiveError(message, { archive: name });
    }
    const instance = new Hdf5Instance({ name, stallMs });
    this.#instance = instance;
    await instance.open({ path: name, limits }, signal);
    return instance;
  }

  #rest(): void {
    this.#cancelIdle();
    this.#cancelIdle = idleTimer(() => {
      this.#instance?.end();
      this.#instance = undefined;
    }, IDLE_MS);
  }
}

/** Path from the root, in the one form that objects have. */
function absolute(path: string): string {
  return `/${path.split("/").filter((name) => name !== "").join("/")}`;
}
