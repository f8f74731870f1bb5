import { checkCount, checkOptions } from "../base/check.ts";
import { dataPath } from "../publishers/data_path.ts";
import type { DownloadedFile } from "./run.ts";
import type { DownloadProgress } from "./progress.ts";
import type { CrcnsCredentials } from "../publishers/crcns_session.ts";
export type { CrcnsCredentials } from "../publishers/crcns_session.ts";
export type { DownloadedFile } from "./run.ts";
export type { DownloadProgress, DownloadState } from "./progress.ts";

/** Data set that can be downloaded. */
export type DownloadableDataset = "crcns-ac1" | "wingert2026";

/** Options of {@linkcode download}. */
export interface DownloadOptions {
  /**
   * Target folder; no file outside of it is written.
   *
   * @default {CRCNS_AC1_DATA or WINGERT2026_DATA, else dataFolder(dataset)}
   */
  readonly dir?: string;
  /**
   * Names of the files: of `crcns-ac1` `crcns-ac1.zip`,
   * `crcns-ac1-asari-results-1.zip`, `crcns-ac1-asari-results-2.zip`; of
   * `wingert2026`: `cell_list.csv` (5 MB), `recordings.zip` (4.35 GB), and the
   * sounds, `wav.zip` (3.7 GB).
   *
   * @default {all of them but wav.zip}
   */
  readonly files?: readonly string[];
  /**
   * Number of concurrent downloads, 1 to 8.
   *
   * @default {2}
   */
  readonly concurrency?: number;
  /**
   * Free account at crcns.org.
   *
   * @default {CRCNS_USERNAME and CRCNS_PASSWORD of the environment}
   */
  readonly credentials?: CrcnsCredentials;
  /** Aborts the download; the next one resumes it. */
  readonly signal?: AbortSignal;
  /** Called for each piece that arrives. */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

const FILES: Readonly<Record<DownloadableDataset, readonly string[]>> = {
  "crcns-ac1": [
    "crcns-ac1.zip",
    "crcns-ac1-asari-results-1.zip",
    "crcns-ac1-asari-results-2.zip",
  ],
  "wingert2026": ["cell_list.csv", "recordings.zip", "wav.zip"],
};

/** Files that are downloaded only by name. */
const ON_REQUEST: readonly string[] = ["wav.zip"];

const OPTIONS = [
  "dir",
  "files",
  "concurrency",
  "credentials",
  "signal",
  "onProgress",
] as const;

const VARIABLES: Readonly<Record<DownloadableDataset, string>> = {
  "crcns-ac1": "CRCNS_AC1_DATA",
  "wingert2026": "WINGERT2026_DATA",
};

/**
 * Downloads a data set, or its missing files, from the publisher.
 *
 * - A file arrives as `<name>.part` and gets its name once its size and MD5 match
 *   the publisher's list. A matching file on disk is kept; the check reads it, at a
 *   few seconds a GB.
 * - Interrupted downloads resume, in this call or the next one. They start again
 *   if the server has another version by then.
 * - Requests are repeated after refusals of a busy server, lost connections and
 *   waits of more than 2 min for bytes (10 min for the first): up to six times in a
 *   row, after 1, 2, 4, ... 60 s with jitter, or as `Retry-After` says.
 * - Of several processes that want the same file, one downloads it and the others
 *   wait. The system releases the lock of a killed process.
 * - CRCNS requires an account; user name and password are sent to its two login
 *   forms only.
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
 * @param dataset Name of the data set.
 * @param options Files, folder and account.
 * @returns Downloaded files, in the order of `files`.
 * @throws {TypeError} When called, if an option has a wrong type.
 * @throws {RangeError} When called, if an option is unknown or out of range.
 * @throws {CredentialError} In the promise, if user name or password are missing
 * or wrong.
 * @throws {DownloadError} In the promise, if the server cannot be reached or sends
 * something else, such as a web page; try again later.
 * @throws {DataNotFoundError} In the promise, if the publisher has no such file.
 * @throws {ArchiveError} In the promise, if a file is not the one that is listed.
 * @throws {OutputError} In the promise, if the disk is full or the folder cannot
 * be written to.
 */
export function download(
  dataset: DownloadableDataset,
  options: DownloadOptions = {},
): Promise<readonly DownloadedFile[]> {
  checkDataset(dataset);
  checkOptions<DownloadOptions>("download", options, OPTIONS);
  const usual = FILES[dataset].filter((file) => !ON_REQUEST.includes(file));
  const { files = usual, concurrency = 2 } = options;
  const { dir, credentials, signal, onProgress = () => {} } = options;
  checkFiles(dataset, files);
  checkCount("download", "concurrency", concurrency, 1, 8);
  checkCredentials(credentials);
  checkDir("dir", dir);
  return run();

  async function run(): Promise<readonly DownloadedFile[]> {
    const path = dataPath(dir, dataset, VARIABLES[dataset]);
    // The variable may hold an address, which sources can stream from.
    checkDir(VARIABLES[dataset], path);
    const task = { dataset, files, credentials, dir: path };
    // Loaded only now: most programs import the package and never download.
    const { runDownload } = await import("./run.ts");
    return await runDownload({ ...task, concurrency, signal, onProgress });
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
  const text = (found: unknown): string =>
    `Cannot download: files is ${String(found)}, expected some of ${
      FILES[dataset].join(", ")
    }`;
  if (!Array.isArray(files)) throw new TypeError(text(files));
  if (files.length === 0) throw new RangeError(text("empty"));
  for (const [at, file] of files.entries()) {
    if (typeof file !== "string") throw new TypeError(text(file));
    const isTwice = files.indexOf(file) !== at;
    if (isTwice || !FILES[dataset].includes(file)) {
      throw new RangeError(text(file));
    }
  }
}

function checkCredentials(credentials: unknown): void {
  if (credentials === undefined) return;
  const { username, password } = Object(credentials);
  const areTexts = [username, password].every((text) =>
    typeof text === "string" && text !== ""
  );
  if (areTexts) return;
  // The message must not repeat any part of the credentials.
  throw new TypeError(
    "Cannot download: credentials is something else, expected { username, " +
      "password }, both texts that are not empty",
  );
}

function checkDir(name: string, dir: unknown): void {
  if (dir === undefined) return;
  const address = /^([a-z][a-z0-9+.-]+:\/\/)(?:[^/?#]*@)?([^/?#]*)/i;
  const found = address.exec(String(dir));
  if (typeof dir === "string" && found === null) return;
  // The rest of an address may hold a password or a signature.
  const shown = found === null ? String(dir) : `${found[1]}${found[2]}`;
  throw new TypeError(
    `Cannot download: ${name} is ${shown}, expected the path of a folder`,
  );
}
