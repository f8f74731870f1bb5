import { dirname } from "../base/path.ts";
import type { Transport } from "../http/transport.ts";
import { md5Of, output, PartFile, type SumOptions } from "./_part_file.ts";
import type { RemoteFile, Request } from "../publishers/remote_file.ts";
import type { Tracker } from "./progress.ts";
import { transfer } from "./_transfer.ts";
import {
  hasName,
  makeFolder,
  open,
  type OpenFile,
  removeIfThere,
  statIfThere,
} from "../platform/files.ts";

/** Whether a path has the file that the publisher lists, whole. */
async function isWhole(
  path: string,
  { bytes, md5 }: RemoteFile,
  options: SumOptions,
): Promise<boolean> {
  const act = "check what is there";
  const found = await output(act, path, () => statIfThere(path));
  if (!found?.isFile || found.size !== bytes) return false;
  const file = await output(act, path, () => open(path, { read: true }));
  try {
    return (await md5Of(file, options)).hex() === md5;
  } finally {
    file.close();
  }
}

/** Options of {@linkcode lockFile}. */
export interface LockOptions {
  /** Waits between two attempts to take the lock. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Called whenever another process holds the lock. */
  readonly onWait?: () => void;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
}

/** Time between two attempts to take a lock, in ms. */
const ATTEMPT_MS = 500;

/**
 * Waits until a lock is free and takes it; disposing of it releases it.
 *
 * The system ties the lock to the process (`flock`, on Windows `LockFileEx`)
 * and releases it when the process ends, however it ends. No lock is ever stale:
 * a lock file that a killed process left behind locks nothing.
 *
 * @param path File for the lock alone; it is created, and removed at the end.
 * @throws {OutputError} If the file cannot be created or locked.
 */
export async function lockFile(
  path: string,
  options: LockOptions,
): Promise<Disposable> {
  while (true) {
    const file = await lockedFile(path, options);
    if (file === null) continue;
    return {
      [Symbol.dispose](): void {
        try {
          removeIfThere(path);
        } finally {
          file.close();
        }
      },
    };
  }
}

/** Opens and locks the file; null if the path has another file by then. */
async function lockedFile(
  path: string,
  { sleep, onWait, signal }: LockOptions,
): Promise<OpenFile | null> {
  const act = "lock the download";
  const file = await output(
    act,
    path,
    () => open(path, { write: true, create: true }),
  );
  let isLocked = false;
  try {
    while (!await output(act, path, () => file.tryLock())) {
      onWait?.();
      await sleep(ATTEMPT_MS, signal);
    }
    isLocked = await hasName(file, path);
    return isLocked ? file : null;
  } finally {
    if (!isLocked) file.close();
  }
}

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
  const { tracker, transport: { sleep }, signal } = options;
  const report = tracker.report.bind(tracker, remote);
  const onRead = (bytes: number): void => report("checking", bytes);
  const isThere = async (): Promise<boolean> => {
    report("checking", 0);
    return await isWhole(path, remote, { signal, onRead });
  };
  let isNew = false;
  if (!await isThere()) {
    await output(
      "make the folder",
      dirname(path),
      () => makeFolder(dirname(path)),
    );
    const onWait = (): void => report("waiting", 0);
    using _lock = await lockFile(`${path}.lock`, { sleep, onWait, signal });
    isNew = !await isThere();
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
  using part = await PartFile.open(path, remote, { signal, onRead });
  tracker.report(remote, "downloading", part.length);
  await transfer(part, remote, {
    request,
    transport,
    signal,
    onArrived: (bytes) => tracker.reportFetched(remote, bytes, part.length),
  });
  await part.commit();
}
