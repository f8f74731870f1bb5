import type { Limits } from "../../base/limits.ts";
import { SharedLoad } from "../../base/shared_load.ts";
import { shownName } from "../../http/address.ts";
import { type Hdf5File, openHdf5 } from "./hdf5/hdf5_file.ts";
import { Hdf5Workers } from "./hdf5/workers.ts";
import { NwbFile } from "./_nwb_file.ts";

interface Entry {
  readonly load: SharedLoad<{ readonly h5: Hdf5File; readonly file: NwbFile }>;
  /** The file, once it is open. */
  h5?: Hdf5File;
  /** Reads under way, and sessions that will read more. */
  users: number;
}

/**
 * Files that are open: those in use, and the one that was used last, which its
 * reader will likely use again.
 */
export class OpenFiles {
  readonly #limits: Limits;
  readonly #workers: Hdf5Workers;
  readonly #open = new Map<string, Entry>();
  #last: string | undefined;

  /** @param workers Workers, which end with the last file that is open. */
  constructor(limits: Limits, workers: Hdf5Workers = new Hdf5Workers()) {
    this.#limits = limits;
    this.#workers = workers;
  }

  /** Calls a function with an open file. */
  async use<Result>(
    path: string,
    signal: AbortSignal | undefined,
    act: (file: NwbFile, size: number) => Promise<Result>,
  ): Promise<Result> {
    const done = this.keep(path);
    try {
      const { file, h5 } = await this.#entryOf(path).load.get(signal);
      return await act(file.for(signal), h5.size);
    } finally {
      done();
    }
  }

  /**
   * Keeps a file open for reads to come, once it is open.
   *
   * @returns Ends it; calls after the first do nothing.
   */
  keep(path: string): () => void {
    const entry = this.#entryOf(path);
    entry.users++;
    if (this.#last !== undefined && this.#last !== path) void this.close();
    let isKept = true;
    return (): void => {
      if (!isKept) return;
      isKept = false;
      entry.users--;
      if (entry.users > 0) return;
      if (this.#last !== undefined && this.#last !== path) void this.close();
      this.#last = path;
    };
  }

  /** Closes a file that nobody uses: the one that was used last, or another. */
  async close(path: string | undefined = this.#last): Promise<void> {
    const entry = path === undefined ? undefined : this.#open.get(path);
    if (path === undefined || entry === undefined || entry.users > 0) return;
    this.#open.delete(path);
    if (path === this.#last) this.#last = undefined;
    // Without users no load is under way; one that failed has closed its file.
    await entry.h5?.[Symbol.asyncDispose]();
    // Another file that is open may close before the next one opens.
    if (this.#open.size === 0) this.#workers.rest();
  }

  #entryOf(path: string): Entry {
    const known = this.#open.get(path);
    if (known) return known;
    const limits = this.#limits;
    const load = new SharedLoad(async (signal) => {
      const workers = this.#workers;
      const h5 = await openHdf5(path, { limits, signal, workers });
      if (signal.aborted) await h5[Symbol.asyncDispose]();
      signal.throwIfAborted();
      entry.h5 = h5;
      return { h5, file: new NwbFile(h5, shownName(path), limits) };
    });
    const entry: Entry = { load, users: 0 };
    this.#open.set(path, entry);
    return entry;
  }
}
