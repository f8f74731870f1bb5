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

/** What is downloaded, and where to. */
export interface DownloadTask {
  /** Data set. */
  readonly dataset: "crcns-ac1" | "wingert2026";
  /** Folder. */
  readonly dir: string;
  /** Names of files. */
  readonly files: readonly string[];
  /** Files at the same time. */
  readonly concurrency: number;
  /** Account at CRCNS, if not the environment's. */
  readonly credentials?: CrcnsCredentials;
  /** Told how far it has come. */
  readonly onProgress: (progress: DownloadProgress) => void;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/** Where the data are, and the way there; tests put theirs in its place. */
export interface Surroundings {
  /** Network, clock and chance. */
  readonly transport: Transport;
  /** Where CRCNS is. */
  readonly crcns: CrcnsHosts;
  /** Origin of Zenodo. */
  readonly zenodo: string;
}

/** The world. */
export const SURROUNDINGS: Surroundings = {
  transport: platformTransport,
  crcns: CRCNS_HOSTS,
  zenodo: "https://zenodo.org",
};

/** A file that is there in the end. */
export interface DownloadedFile {
  /** Its name. */
  readonly name: string;
  /** Where it is. */
  readonly path: string;
  /** Its length. */
  readonly bytes: number;
  /** Its MD5, which it has been checked against. */
  readonly md5: string;
  /** Whether it was there before, whole. */
  readonly wasThere: boolean;
}

/** Downloads what `task` says, from where `surroundings` say. */
export async function runDownload(
  task: DownloadTask,
  { transport, crcns, zenodo }: Surroundings = SURROUNDINGS,
): Promise<DownloadedFile[]> {
  const { dataset, files, credentials, signal } = task;
  signal?.throwIfAborted();
  if (dataset === "crcns-ac1") {
    const session = { hosts: crcns, credentials, transport, signal };
    const { fetch } = await crcnsSession({ ...session, dataset: "ac-1" });
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
  const failed = new AbortController();
  const both = AbortSignal.any([failed.signal, ...(signal ? [signal] : [])]);
  const tracker = new Tracker(files, onProgress);
  const options = { request, transport, tracker, signal: both };
  const done: DownloadedFile[] = [];
  const waiting = files.entries();
  const worker = async (): Promise<void> => {
    try {
      for (const [at, file] of waiting) {
        both.throwIfAborted();
        const { name, bytes, md5 } = file;
        const path = join(dir, name);
        const isNew = await downloadFile(path, file, options);
        done[at] = { name, path, bytes, md5, wasThere: !isNew };
      }
    } catch (error) {
      // The first failure is told; the others leave and are told that.
      failed.abort(error);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  both.throwIfAborted();
  return done;
}
