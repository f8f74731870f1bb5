import type { ReadOptions } from "../../../base/abort.ts";
import { checkedLimits, type Limits } from "../../../base/limits.ts";
import { checkThreads } from "../../../platform/threads.ts";
import { isAddress } from "../../../http/address.ts";
import type { Sender } from "../../../http/transport.ts";
import { HttpSender } from "../../../publishers/sender.ts";
import { Hdf5Workers } from "./workers.ts";
import { addressSource, pathSource } from "./_source.ts";
import { WorkerFile } from "./_worker_file.ts";
import type { Hdf5File } from "./model.ts";

export type { Hdf5File, RowOptions, TreeOptions } from "./model.ts";

const ACT = "read HDF5";

/** Options of {@linkcode openHdf5}. */
export interface OpenHdf5Options extends ReadOptions {
  /** Most that the file may claim before it is refused. */
  readonly limits?: Partial<Limits>;
  /**
   * Sends the requests for an address.
   *
   * @default a sender that retries, and knows the account of the environment
   */
  readonly sender?: Sender | undefined;
  /**
   * Workers that several files use, one after the other.
   *
   * @default a worker of the file's own
   */
  readonly workers?: Hdf5Workers | undefined;
}

/**
 * Opens an HDF5 file.
 *
 * Of an address, 64 KiB blocks are fetched as they are needed: HDF5 asks the
 * worker for bytes, which waits while this thread fetches them. At most 32 MiB of
 * blocks are held.
 *
 * @param data Path or address of a file.
 * @throws {DataNotFoundError} If nothing is there.
 * @throws {FormatError} If the file is not HDF5.
 * @throws {UnsupportedError} On platforms without threads, or if the server sends
 * whole files only.
 */
export async function openHdf5(
  data: string,
  options: OpenHdf5Options = {},
): Promise<Hdf5File> {
  const { signal, sender } = options;
  const limits = checkedLimits(ACT, options.limits);
  checkThreads(ACT);
  const source = isAddress(data)
    ? await addressSource(data, sender ?? new HttpSender(), signal)
    : await pathSource(data, signal);
  const workers = options.workers ?? noSpare();
  const file = new WorkerFile({ ...source, limits, workers });
  try {
    await file.start(signal);
    return file;
  } catch (error) {
    await file[Symbol.asyncDispose]();
    throw error;
  }
}

/** Workers that end with their file. */
function noSpare(): Hdf5Workers {
  const workers = new Hdf5Workers();
  workers[Symbol.dispose]();
  return workers;
}
