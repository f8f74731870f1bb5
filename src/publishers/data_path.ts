import { join } from "../base/path.ts";
import { UnsupportedError } from "../errors.ts";
import { isAddress, isS3Address } from "../http/address.ts";
import { s3Address } from "../http/s3_address.ts";
import { hasFileSystem, system, variable } from "../platform/environment.ts";

/** Variables that {@linkcode dataFolder} reads, up to the first that is set. */
export const FOLDER_VARIABLES: readonly string[] = [
  "RXEPHYS_DATA_DIR",
  ...{
    windows: ["LOCALAPPDATA"],
    darwin: ["HOME"],
    other: ["XDG_CACHE_HOME", "HOME"],
  }[system()],
];

/**
 * Folder in which a data set is kept on this machine.
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
 * @returns Path of the folder, which need not exist.
 * @throws {UnsupportedError} In a browser, which has no folders.
 */
export function dataFolder(dataset: string): string {
  if (!hasFileSystem()) {
    throw new UnsupportedError(
      `Cannot find the data folder of ${dataset}: there are no folders in a ` +
        "browser, expected a File, a Blob or an address as data",
    );
  }
  const own = variable("RXEPHYS_DATA_DIR");
  return own ? join(own, dataset) : join(cacheFolder(), "rxephys", dataset);
}

function cacheFolder(): string {
  switch (system()) {
    case "windows":
      return variable("LOCALAPPDATA") ?? join(homeFolder(), "AppData/Local");
    case "darwin":
      return join(homeFolder(), "Library/Caches");
    default:
      return variable("XDG_CACHE_HOME") || join(homeFolder(), ".cache");
  }
}

function homeFolder(): string {
  return variable("HOME") ?? variable("USERPROFILE") ?? ".";
}

/**
 * Path or address of a release: the one given, else the folder that an
 * environment variable names, else the data set's cache folder.
 *
 * @throws {UnsupportedError} As {@linkcode namedPath} and
 * {@linkcode dataFolder} do.
 */
export function dataPath(
  data: string | URL | undefined,
  dataset: string,
  environmentVariable: string,
): string {
  return data === undefined
    ? variable(environmentVariable) || dataFolder(dataset)
    : namedPath(data);
}

/**
 * Path or address as the rest of the program takes it: `file:` URLs become
 * paths, `~/` the home folder.
 *
 * @throws {UnsupportedError} If it is an address of another kind than `http:`.
 */
export function namedPath(data: string | URL): string {
  const text = String(data);
  if (isFileUrl(text)) {
    const path = decodeURIComponent(new URL(text).pathname);
    return system() === "windows" ? path.replace(/^\/(?=[a-z]:)/i, "") : path;
  }
  if (isAddress(text)) return text;
  const scheme = /^[a-z][a-z0-9+.-]+:(?=\/\/)/i.exec(text);
  if (scheme) {
    throw new UnsupportedError(
      `Cannot stream from ${
        scheme[0]
      }//, expected https://, http:// or s3://; ` +
        "download the data first",
    );
  }
  return /^~[/\\]/.test(text) ? join(homeFolder(), text.slice(2)) : text;
}

/** File of a release: a path, an address, or the file itself. */
export type DataFile = string | URL | Blob;

/** Path or address of a file as {@linkcode namedPath} gives it; a blob as is. */
export function namedFile(file: DataFile): string | Blob {
  return file instanceof Blob ? file : namedPath(file);
}

/**
 * Refuses a `data` that names no file; none at all is fine.
 *
 * @param act Action that fails, as it completes "Cannot ...".
 * @param data Value of the option.
 * @param name Name of the option.
 * @throws {TypeError} If it is of another type, or starts as a URL and is none.
 * @throws {RangeError} If it holds a user name or a password, which would end up
 * in other servers, logs and threads.
 */
export function checkDataFile(
  act: string,
  data: unknown,
  name: string = "data",
): void {
  if (data === undefined || data instanceof Blob) return;
  if (typeof data !== "string" && !(data instanceof URL)) {
    throw new TypeError(
      `Cannot ${act}: ${name} is ${String(data)}, expected a path, a URL, a ` +
        "File or a Blob",
    );
  }
  const text = String(data);
  if (text.includes("\0")) {
    const shown = JSON.stringify(text);
    throw new TypeError(
      `Cannot ${act}: ${name} is ${shown}, expected no NUL in it`,
    );
  }
  if (!isAddress(text) && !isFileUrl(text)) return;
  if (!URL.canParse(text) || !isDecodable(new URL(text))) {
    throw new TypeError(`Cannot ${act}: ${name} is ${text}, expected a URL`);
  }
  const url = new URL(text);
  if (isS3Address(text) && s3Address(url) === undefined) {
    throw new TypeError(
      `Cannot ${act}: ${name} is ${text}, expected s3://bucket/key`,
    );
  }
  const { username, password } = url;
  if (username === "" && password === "") return;
  throw new RangeError(
    `Cannot ${act}: ${name} holds a user name or a password, expected an ` +
      "address without",
  );
}

function isFileUrl(text: string): boolean {
  return text.startsWith("file:");
}

/** Whether the escapes of a path are UTF-8; those of an address stay as they are. */
function isDecodable({ protocol, pathname }: URL): boolean {
  if (protocol !== "file:") return true;
  try {
    return !decodeURIComponent(pathname).includes("\0");
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}
