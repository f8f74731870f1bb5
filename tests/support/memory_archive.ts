import { DataNotFoundError } from "../../src/errors.ts";
import type { Archive } from "../../src/archive/archive.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/base/limits.ts";

/** An archive in memory: paths and their bytes. */
export function memoryArchive(
  files: Readonly<Record<string, Uint8Array>>,
  limits: Partial<Limits> = {},
): Archive {
  const name = "memory";
  const bytesOf = (path: string): Uint8Array => {
    const bytes = files[path];
    if (bytes) return bytes;
    throw new DataNotFoundError("Cannot read member", { archive: name });
  };
  return {
    name,
    stamp: name,
    limits: { ...DEFAULT_LIMITS, ...limits },
    members: Object.entries(files).map(([path, { length }]) => ({
      path,
      size: length,
    })),
    locate: (member) => ({ archive: name, member }),
    read: async (path, { signal } = {}) => {
      await Promise.resolve();
      signal?.throwIfAborted();
      return bytesOf(path).slice();
    },
    stream: (path) => new Blob([bytesOf(path).slice()]).stream(),
    expect: () => {},
    check: () => Promise.resolve(),
  };
}
