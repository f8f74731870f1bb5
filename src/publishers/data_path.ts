import { join } from "../base/path.ts";
import { UnsupportedError } from "../errors.ts";
import { isAddress } from "../http/address.ts";

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

/**
 * The path or the address that a source's `data` names: itself, or where nothing
 * is named the folder in an environment variable, or the data set's cache folder.
 */
export function dataPath(
  data: string | URL | undefined,
  dataset: string,
  variable: string,
): string {
  if (data === undefined) return Deno.env.get(variable) || dataFolder(dataset);
  return namedPath(data);
}

/**
 * The path or the address that somebody has named.
 *
 * @throws {UnsupportedError} If it is an address of another kind than `http:`.
 */
export function namedPath(data: string | URL): string {
  const text = String(data);
  if (text.startsWith("file:")) {
    return decodeURIComponent(new URL(text).pathname);
  }
  if (isAddress(text)) return text;
  const scheme = /^[a-z][a-z0-9+.-]+:(?=\/\/)/i.exec(text);
  if (scheme) {
    throw new UnsupportedError(
      `Cannot stream from ${scheme[0]}//, expected https:// or http://; ` +
        "download the data first",
    );
  }
  return /^~[/\\]/.test(text)
    ? join(Deno.env.get("HOME") ?? ".", text.slice(2))
    : text;
}

/**
 * Refuses a `data` that is neither a path nor a URL.
 *
 * @param name The option's name.
 * @throws {TypeError} If it is of another type, or no address though it starts
 * as one.
 * @throws {RangeError} If it holds a user name or a password, which would be
 * told to other servers, logs and threads.
 */
export function checkData(act: string, data: unknown, name = "data"): void {
  if (data === undefined) return;
  if (typeof data !== "string" && !(data instanceof URL)) {
    throw new TypeError(
      `Cannot ${act}: ${name} is ${String(data)}, expected a path or a URL`,
    );
  }
  const text = String(data);
  if (!isAddress(text)) return;
  if (!URL.canParse(text)) {
    throw new TypeError(`Cannot ${act}: ${name} is ${text}, expected a URL`);
  }
  const { username, password } = new URL(text);
  if (username === "" && password === "") return;
  throw new RangeError(
    `Cannot ${act}: ${name} holds a user name or a password, expected an ` +
      "address without",
  );
}
