import { dirname } from "../../_path.ts";
import type { Transport } from "../http/transport.ts";
import { output } from "./_output.ts";
import { lockFile } from "./file_lock.ts";
import { isWhole } from "./is_whole.ts";
import { PartFile } from "./part_file.ts";
import type { RemoteFile, Request } from "./remote_file.ts";
import type { Tracker } from "./tracker.ts";
import { transfer } from "./transfer.ts";

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
