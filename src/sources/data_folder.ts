import { join } from "../_path.ts";

/**
 * The folder in which a data set is kept on this machine.
 *
 * `RXEPHYS_DATA_DIR` if it is set, else `rxephys` in the platform's cache folder
 * (`XDG_CACHE_HOME` or `~/.cache` on Linux, `~/Library/Caches` on macOS,
 * `%LOCALAPPDATA%` on Windows), and in it a folder for the data set.
 *
 * @example
 * ```ts
 * import { dataFolder } from "rxephys";
 *
 * console.log(dataFolder("crcns-ac1"));
 * ```
 *
 * @param dataset Name of the data set, such as `crcns-ac1`.
 * @returns Its path, whether or not there is such a folder.
 */
export function dataFolder(dataset: string): string {
  const own = Deno.env.get("RXEPHYS_DATA_DIR");
  return own ? join(own, dataset) : join(cacheFolder(), "rxephys", dataset);
}

function cacheFolder(): string {
  switch (Deno.build.os) {
    case "windows":
      return Deno.env.get("LOCALAPPDATA") ??
        join(homeFolder(), "AppData/Local");
    case "darwin":
      return join(homeFolder(), "Library/Caches");
    default:
      return Deno.env.get("XDG_CACHE_HOME") || join(homeFolder(), ".cache");
  }
}

function homeFolder(): string {
  return Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE") ?? ".";
}
