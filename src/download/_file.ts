import { tryLockFile } from "../base/lock.ts";
import { dirname } from "../base/path.ts";
import type { Transport } from "../http/transport.ts";
import { makeFolder, type OpenFile, removeIfThere } from "../platform/files.ts";
import type { RemoteFile, Request } from "../publishers/remote_file.ts";
import { isWhole, output } from "./_disk.ts";
import { DownloadPart } from "./_part.ts";
import { transfer } from "./_transfer.ts";
import type { Tracker } from "./progress.ts";

/** Options of {@linkcode downloadFile}. */
export interface DownloadFileOptions {
  /** Sends a request. */
  readonly request: Request;
  /** Network, clock and chance. */
  readonly transport: Transport;
  /** Receives the progress. */
  readonly tracker: Tracker;
  /** Ends the download. */
  readonly signal: AbortSignal;
}

/**
 * Downloads a file unless it is there: waits for another process that downloads
 * it, resumes a part, verifies the whole and renames it.
 *
 * @returns Whether this call downloaded the file.
 */
export async function downloadFile(
  path: string,
  remote: RemoteFile,
  options: DownloadFileOptions,
): Promise<boolean> {
  const { tracker, signal } = options;
  const report = tracker.report.bind(tracker, remote);
  const onRead = (bytes: number): void => report("checking", bytes);
  const isComplete = async (): Promise<boolean> => {
    report("checking", 0);
    return await isWhole(path, remote, { signal, onRead });
  };
  let isNew = false;
  if (!await isComplete()) {
    await output(
      "make the folder",
      dirname(path),
      () => makeFolder(dirname(path)),
    );
    using _lock = await lockDownload(
      `${path}.lock`,
      options,
      () => report("waiting", 0),
    );
    isNew = !await isComplete();
    if (isNew) await fetchMissing(path, remote, options, onRead);
  }
  report("done", remote.bytes);
  return isNew;
}

async function fetchMissing(
  path: string,
  remote: RemoteFile,
  { request, transport, tracker, signal }: DownloadFileOptions,
  onRead: (bytes: number) => void,
): Promise<void> {
  using part = await DownloadPart.open(path, remote, { signal, onRead });
  tracker.report(remote, "downloading", part.length);
  await transfer(part, remote, {
    request,
    transport,
    signal,
    onArrived: (bytes) => tracker.reportFetched(remote, bytes, part.length),
  });
  await part.commit();
}

/** Time between two attempts to take a lock, in ms. */
const ATTEMPT_MS = 500;

/** Waits until a lock is free and takes it; disposing of it releases it. */
async function lockDownload(
  path: string,
  { transport: { sleep }, signal }: DownloadFileOptions,
  onWait: () => void,
): Promise<Disposable> {
  const attempt = (): Promise<OpenFile | null> =>
    output("lock the download", path, () => tryLockFile(path));
  let file = await attempt();
  while (file === null) {
    onWait();
    await sleep(ATTEMPT_MS, signal);
    file = await attempt();
  }
  const held = file;
  return {
    [Symbol.dispose](): void {
      try {
        removeIfThere(path);
      } finally {
        held.close();
      }
    },
  };
}
