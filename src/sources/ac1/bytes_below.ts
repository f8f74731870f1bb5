import type { Archive } from "../archive/archive.ts";

/** What the members below some folders take, unpacked. */
export function bytesBelow(
  { members }: Archive,
  folders: readonly string[],
): number {
  let total = 0;
  for (const { path, size } of members) {
    if (folders.some((folder) => path.startsWith(folder))) total += size;
  }
  return total;
}
