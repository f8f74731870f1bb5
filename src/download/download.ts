import { checkCount } from "../base/check.ts";
import { dataPath } from "../publishers/data_path.ts";
import { type DownloadedFile, runDownload } from "./run.ts";
import type { DownloadProgress } from "./progress.ts";
import type { CrcnsCredentials } from "../publishers/crcns_session.ts";
export type { CrcnsCredentials } from "../publishers/crcns_session.ts";
export type { DownloadedFile } from "./run.ts";
export type { DownloadProgress, DownloadState } from "./progress.ts";

/** A data set that can be downloaded. */
export type DownloadableDataset = "crcns-ac1" | "wingert2026";

/** Options of {@linkcode download}. */
export interface DownloadOptions {
  /**
   * Folder to download to; nothing is written outside of it.
   *
   * @default {CRCNS_AC1_DATA or WINGERT2026_DATA, else dataFolder(dataset)}
   */
  readonly dir?: string;
  /**
   * Names of the files. Of `crcns-ac1`: `crcns-ac1.zip`,
   * `crcns-ac1-asari-results-1.zip`, `crcns-ac1-asari-results-2.zip`; of
   * `wingert2026`: `cell_list.csv` (5 MB), `recordings.zip` (4.35 GB).
   *
   * @default {all of them}
   */
  readonly files?: readonly string[];
  /**
   * Files at the same time, 1 to 8.
   *
   * @default {2}
   */
  readonly concurrency?: number;
  /**
   * A free account at crcns.org.
   *
   * @default {CRCNS_USERNAME and CRCNS_PASSWORD of the environment}
   */
  readonly credentials?: CrcnsCredentials;
  /** Ends the download at once; what has arrived stays for the next one. */
  readonly signal?: AbortSignal;
  /** Told of every piece that arrives. */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

const FILES: Readonly<Record<DownloadableDataset, readonly string[]>> = {
  "crcns-ac1": [
    "crcns-ac1.zip",
    "crcns-ac1-asari-results-1.zip",
    "crcns-ac1-asari-results-2.zip",
  ],
  "wingert2026": ["cell_list.csv", "recordings.zip"],
};

const VARIABLES: Readonly<Record<DownloadableDataset, string>> = {
  "crcns-ac1": "CRCNS_AC1_DATA",
  "wingert2026": "WINGERT2026_DATA",
};

/**
 * Downloads a data set from its publisher, or what is missing of it.
 *
 * - A file arrives as `<name>.part` and gets its name once its size and MD5 are
 *   the ones that the publisher lists. One that is there and right is left alone
 *   (it is read to see that: a few seconds a GB).
 * - What broke off goes on where it did, in this call or the next one; where the
 *   server has another version meanwhile, from the start.
 * - Refusals of a busy server, lost connections and waits of more than 2 min for
 *   bytes (10 min for the first) are tried again, six times in a row at most,
 *   after 1, 2, 4, ... 60 s with jitter or as `Retry-After` says.
 * - Two processes that want the same file do not disturb one another: one
 *   fetches it, the other waits. The lock is the system's, so one that was killed
 *   locks nothing.
 * - CRCNS wants an account; user name and password go to its two login forms and
 *   nowhere else.
 * - Source: CRCNS ac-1 (https://crcns.org/data-sets/ac/ac-1) and Zenodo record
 *   18331549.
 *
 * @example The smaller half of AC1
 * ```ts
 * import { download, wehr } from "rxephys";
 *
 * async function fetchWehr(dir: string) {
 *   await download("crcns-ac1", { dir, files: ["crcns-ac1.zip"] });
 *   return wehr(dir);
 * }
 * ```
 *
 * @param dataset Which one.
 * @param options What of it, and where to.
 * @returns The files, in the order of `files`.
 * @throws {TypeError} When called, if an option is of another type.
 * @throws {RangeError} When called, if an option is not one of those above.
 * @throws {CredentialError} In the promise, if user name or password are missing
 * or refused.
 * @throws {DownloadError} In the promise, if the server cannot be reached or
 * sends something else, such as a web page: try again later.
 * @throws {DataNotFoundError} In the promise, if the publisher has no such file.
 * @throws {ArchiveError} In the promise, if what arrives is not what is listed.
 * @throws {OutputError} In the promise, if the disk is full or the folder cannot
 * be written to.
 */
export function download(
  dataset: DownloadableDataset,
  options: DownloadOptions = {},
): Promise<readonly DownloadedFile[]> {
  checkDataset(dataset);
  const { files = FILES[dataset], concurrency = 2 } = options;
  const { dir, credentials, signal, onProgress = () => {} } = options;
  checkFiles(dataset, files);
  checkCount("download", "concurrency", concurrency, 1, 8);
  checkCredentials(credentials);
  checkDir("dir", dir);
  return run();

  async function run(): Promise<readonly DownloadedFile[]> {
    const path = dataPath(dir, dataset, VARIABLES[dataset]);
    // It may name an address to stream from.
    checkDir(VARIABLES[dataset], path);
    const what = { dataset, files, credentials, dir: path };
    return await runDownload({ ...what, concurrency, signal, onProgress });
  }
}

function checkDataset(dataset: string): void {
  if (Object.hasOwn(FILES, dataset)) return;
  throw new RangeError(
    `Cannot download: dataset is ${String(dataset)}, expected ${
      Object.keys(FILES).join(" or ")
    }`,
  );
}

function checkFiles(dataset: DownloadableDataset, files: unknown): void {
  const refused = (what: unknown): string =>
    `Cannot download: files is ${String(what)}, expected some of ${
      FILES[dataset].join(", ")
    }`;
  if (!Array.isArray(files)) throw new TypeError(refused(files));
  if (files.length === 0) throw new RangeError(refused("empty"));
  for (const [at, file] of files.entries()) {
    if (typeof file !== "string") throw new TypeError(refused(file));
    // One that is named twice is a slip.
    const isOdd = !FILES[dataset].includes(file) || files.indexOf(file) !== at;
    if (isOdd) throw new RangeError(refused(file));
  }
}

function checkCredentials(credentials: unknown): void {
  if (credentials === undefined) return;
  const { username, password } = Object(credentials);
  const areTexts = [username, password].every((text) =>
    typeof text === "string" && text !== ""
  );
  if (areTexts) return;
  // Not even what is wrong with them is repeated.
  throw new TypeError(
    "Cannot download: credentials is something else, expected { username, " +
      "password }, both texts that are not empty",
  );
}

function checkDir(name: string, dir: unknown): void {
  if (dir === undefined) return;
  const address = /^([a-z][a-z0-9+.-]+:\/\/)(?:[^/?#]*@)?([^/?#]*)/i;
  const [found, scheme, host] = address.exec(String(dir)) ?? [];
  if (typeof dir === "string" && found === undefined) return;
  // The rest of an address can be a password or a signature.
  const shown = found === undefined ? String(dir) : scheme + host;
  throw new TypeError(
    `Cannot download: ${name} is ${shown}, expected the path of a folder`,
  );
}
