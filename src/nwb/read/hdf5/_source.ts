import { ArchiveError } from "../../../errors.ts";
import { statPath } from "../../../archive/bytes/byte_source.ts";
import { openHttpSource } from "../../../archive/bytes/http_source.ts";
import type { Sender } from "../../../http/transport.ts";
import type { InstanceFile } from "./_instance.ts";

/** Time after the last read until a worker ends and its file is closed, in ms. */
const PATH_IDLE_MS = 2000;
/** With the worker goes what it has fetched. */
const ADDRESS_IDLE_MS = 30_000;

/** Where the bytes of an HDF5 file come from. */
export interface Hdf5Source {
  /** Path or address, as errors name it. */
  readonly name: string;
  readonly size: number;
  readonly stamp: string | null;
  /** Time after the last read until its worker ends, in ms. */
  readonly idleMs: number;
  /** @throws {ArchiveError} If the file has changed since it was opened. */
  readonly checkSame: (signal?: AbortSignal) => Promise<void>;
  /** Fetches bytes; without it, workers open the path. */
  readonly fetch?: InstanceFile["fetch"];
}

/** A file of the disk. */
export async function pathSource(
  path: string,
  signal?: AbortSignal,
): Promise<Hdf5Source> {
  const first = await stamped(path, signal);
  return {
    name: path,
    ...first,
    idleMs: PATH_IDLE_MS,
    checkSame: async (signal): Promise<void> => {
      const { stamp } = await stamped(path, signal);
      if (stamp === first.stamp) return;
      const message = "Cannot read HDF5: it has changed since it was opened";
      throw new ArchiveError(message, { archive: path });
    },
  };
}

/** A file on a server, which compares versions at every answer. */
export async function addressSource(
  address: string,
  sender: Sender,
  signal?: AbortSignal,
): Promise<Hdf5Source> {
  const { name, size, stamp, read } = await openHttpSource(address, {
    sender,
    signal,
  });
  return {
    ...{ name, size, stamp, idleMs: ADDRESS_IDLE_MS },
    checkSame: () => Promise.resolve(),
    fetch: ({ offset, length }, signal) => read(offset, length, { signal }),
  };
}

async function stamped(
  path: string,
  signal?: AbortSignal,
): Promise<Pick<Hdf5Source, "size" | "stamp">> {
  const { size, mtime } = await statPath("read HDF5", path, { signal });
  return { size, stamp: `${size} bytes, ${mtime?.toISOString() ?? ""}` };
}
