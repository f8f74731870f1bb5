import { dirname } from "../base/path.ts";
import type { Transport } from "../http/transport.ts";
import { md5Of, output, PartFile, type SumOptions } from "./_part_file.ts";
import type { RemoteFile, Request } from "../publishers/remote_file.ts";
import type { Tracker } from "./progress.ts";
import { transfer } from "./_transfer.ts";
import { hasName, removeIfThere } from "../platform/files.ts";

/** Whether a path has the very file that its publisher lists. */
export async function isWhole(
  path: string,
  { bytes, md5 }: RemoteFile,
  options: SumOptions,
): Promise<boolean> {
  const act = "check what is there";
  if (await output(act, path, () => sizeOf(path)) !== bytes) return false;
  const open = (): Promise<Deno.FsFile> => Deno.open(path, { read: true });
  using file = await output(act, path, open);
  return (await md5Of(file, options)).digest("hex") === md5;
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    const { isFile, size } = await Deno.stat(path);
    return isFile ? size : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    if (error instanceof Deno.errors.NotADirectory) return null;
    throw error;
  }
}

/** Options of {@linkcode lockFile}. */
export interface LockOptions {
  /** Waits between two looks at the lock. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Told when somebody else has the lock. */
  readonly onWait?: () => void;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

/** Time between two looks at a lock, in ms. */
const LOOK_MS = 500;

/**
 * Waits until a lock is free and takes it; disposing of it sets it free.
 *
 * The system holds the lock on behalf of the process (`flock`, on Windows
 * `LockFileEx`) and drops it when that ends, however it ends: a lock is never
 * stale, and a file left behind by a killed process locks nothing.
 *
 * @param path A file for the lock alone; it is made, and removed in the end.
 * @throws {OutputError} If it cannot be made or locked there.
 */
export async function lockFile(
  path: string,
  options: LockOptions,
): Promise<Disposable> {
  while (true) {
    const file = await taken(path, options);
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

/** The locked file; null where its name has gone to another one meanwhile. */
async function taken(
  path: string,
  { sleep, onWait, signal }: LockOptions,
): Promise<Deno.FsFile | null> {
  const act = "lock the download";
  const file = await output(
    act,
    path,
    () => Deno.open(path, { write: true, create: true }),
  );
  let isTaken = false;
  try {
    while (!await output(act, path, () => file.tryLock(true))) {
      onWait?.();
      await sleep(LOOK_MS, signal);
    }
    isTaken = await hasName(file, path);
    return isTaken ? file : null;
  } finally {
    if (!isTaken) file.close();
  }
}

/** Options of {@linkcode downloadFile}. */
export interface DownloadFileOptions {
  /** Sends a request. */
  readonly request: Request;
  /** Network, clock and chance. */
  readonly transport: Transport;
  /** Told what happens. */
  readonly tracker: Tracker;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Makes a path have a file: looks whether it does, waits for whoever else
 * fetches it, goes on with what there is of it, checks it, and names it.
 *
 * @returns Whether anything was to do.
 */
export async function downloadFile(
  path: string,
  remote: RemoteFile,
  options: DownloadFileOptions,
): Promise<boolean> {
  const { tracker, transport: { sleep }, signal } = options;
  const tell = tracker.tell.bind(tracker, remote);
  const onRead = (bytes: number): void => tell("checking", bytes);
  const isThere = async (): Promise<boolean> => {
    tell("checking", 0);
    return await isWhole(path, remote, { signal, onRead });
  };
  let isNew = false;
  if (!await isThere()) {
    await output(
      "make the folder",
      dirname(path),
      () => Deno.mkdir(dirname(path), { recursive: true }),
    );
    const onWait = (): void => tell("waiting", 0);
    using _lock = await lockFile(`${path}.lock`, { sleep, onWait, signal });
    isNew = !await isThere();
    if (isNew) await fetchMissing(path, remote, options, onRead);
  }
  tell("done", remote.bytes);
  return isNew;
}

async function fetchMissing(
  path: string,
  remote: RemoteFile,
  { request, transport, tracker, signal }: DownloadFileOptions,
  onRead: (bytes: number) => void,
): Promise<void> {
  using part = await PartFile.open(path, remote, { signal, onRead });
  tracker.tell(remote, "downloading", part.length);
  await transfer(part, remote, {
    request,
    transport,
    signal,
    onArrived: (bytes) => tracker.fetched(remote, bytes, part.length),
  });
  await part.commit();
}
