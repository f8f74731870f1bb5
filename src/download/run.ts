import { join } from "../base/path.ts";
import {
  CRCNS_HOSTS,
  type CrcnsCredentials,
  type CrcnsHosts,
  crcnsSession,
} from "../publishers/crcns_session.ts";
import { retryingFetch } from "../http/fetch.ts";
import { platformTransport, type Transport } from "../http/transport.ts";
import { crcnsFiles } from "../publishers/crcns_files.ts";
import { downloadFile } from "./_file.ts";
import type { RemoteFile, Request } from "../publishers/remote_file.ts";
import { type DownloadProgress, Tracker } from "./progress.ts";
import { zenodoFiles } from "../publishers/zenodo_files.ts";

/** Files to download and their folder. */
export interface DownloadTask {
  /** Name of the data set. */
  readonly dataset: "crcns-ac1" | "wingert2026";
  /** Target folder. */
  readonly dir: string;
  /** Names of the files. */
  readonly files: readonly string[];
  /** Number of concurrent downloads. */
  readonly concurrency: number;
  /** Account at CRCNS; by default that of the environment. */
  readonly credentials?: CrcnsCredentials | undefined;
  /** Receives the progress. */
  readonly onProgress: (progress: DownloadProgress) => void;
  /** Aborts the download. */
  readonly signal?: AbortSignal | undefined;
}

/** Servers and network; tests replace them. */
export interface Surroundings {
  /** Network, clock and chance. */
  readonly transport: Transport;
  /** Addresses of CRCNS. */
  readonly crcns: CrcnsHosts;
  /** Origin of Zenodo. */
  readonly zenodo: string;
}

/** Real servers and network. */
export const SURROUNDINGS: Surroundings = {
  transport: platformTransport,
  crcns: CRCNS_HOSTS,
  zenodo: "https://zenodo.org",
};

/** File that is complete on disk. */
export interface DownloadedFile {
  /** Name of the file. */
  readonly name: string;
  /** Path on disk. */
  readonly path: string;
  /** Length. */
  readonly bytes: number;
  /** MD5, which the file matches. */
  readonly md5: string;
  /** Whether the file was complete before the call. */
  readonly wasThere: boolean;
}

/** Downloads the files of a task. */
export async function runDownload(
  task: DownloadTask,
  { transport, crcns, zenodo }: Surroundings = SURROUNDINGS,
): Promise<DownloadedFile[]> {
  const { dataset, files, credentials } = task;
  const { signal = new AbortController().signal } = task;
  signal.throwIfAborted();
  if (dataset === "crcns-ac1") {
    const { fetch } = await crcnsSession({
      dataset: "ac-1",
      hosts: crcns,
      transport,
      signal,
      ...(credentials && { credentials }),
    });
    const base = `${crcns.download}/ac-1`;
    const listed = await crcnsFiles(fetch, base, files, { transport, signal });
    return await fetchAll(task, listed, fetch, transport);
  }
  const request: Request = (url, init) =>
    retryingFetch(url, init, { transport });
  const record = `${zenodo}/api/records/18331549`;
  const listed = await zenodoFiles(request, record, files, {
    transport,
    signal,
  });
  return await fetchAll(task, listed, request, transport);
}

async function fetchAll(
  { dir, concurrency, onProgress, signal }: DownloadTask,
  files: readonly RemoteFile[],
  request: Request,
  transport: Transport,
): Promise<DownloadedFile[]> {
  const controller = new AbortController();
  const either = AbortSignal.any([
    controller.signal,
    ...(signal ? [signal] : []),
  ]);
  const tracker = new Tracker(files, onProgress);
  const options = { request, transport, tracker, signal: either };
  const done: DownloadedFile[] = [];
  const waiting = files.entries();
  const worker = async (): Promise<void> => {
    try {
      for (const [at, file] of waiting) {
        either.throwIfAborted();
        const { name, bytes, md5 } = file;
        const path = join(dir, name);
        const isNew = await downloadFile(path, file, options);
        done[at] = { name, path, bytes, md5, wasThere: !isNew };
      }
    } catch (error) {
      // The first failure ends the other downloads and is the one reported.
      controller.abort(error);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  either.throwIfAborted();
  return done;
}
