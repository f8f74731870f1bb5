import type { RemoteFile } from "../publishers/remote_file.ts";

/**
 * State of a file: `waiting` for another process that downloads it, `checking`
 * the bytes on disk, `downloading`, or `done`.
 */
export type DownloadState = "waiting" | "checking" | "downloading" | "done";

/** Progress of a download. */
export interface DownloadProgress {
  /** Name of the file that this report is about. */
  readonly file: string;
  /** State of that file. */
  readonly state: DownloadState;
  /**
   * Bytes on disk, of all files; of a file under check, the bytes checked so far.
   * Falls when a file starts again.
   */
  readonly bytesDone: number;
  /** Bytes of all files. */
  readonly bytesTotal: number;
  /** Bytes that came over the network, from which a rate can be computed. */
  readonly bytesFetched: number;
  /** Files that are whole. */
  readonly filesDone: number;
  /** Number of files. */
  readonly filesTotal: number;
}

/** Sums up the progress of the files of one download. */
export class Tracker {
  readonly #files: readonly RemoteFile[];
  readonly #onProgress: (progress: DownloadProgress) => void;
  readonly #onDisk = new Map<string, number>();
  #fetched = 0;
  #done = 0;

  constructor(
    files: readonly RemoteFile[],
    onProgress: (progress: DownloadProgress) => void,
  ) {
    this.#files = files;
    this.#onProgress = onProgress;
  }

  /** Reports the state of a file and its bytes on disk. */
  report(file: RemoteFile, state: DownloadState, onDisk: number): void {
    this.#onDisk.set(file.name, onDisk);
    if (state === "done") this.#done++;
    this.#onProgress({
      file: file.name,
      state,
      bytesDone: [...this.#onDisk.values()].reduce((a, b) => a + b, 0),
      bytesTotal: this.#files.reduce((sum, { bytes }) => sum + bytes, 0),
      bytesFetched: this.#fetched,
      filesDone: this.#done,
      filesTotal: this.#files.length,
    });
  }

  /** Reports bytes of a file that came over the network. */
  reportFetched(file: RemoteFile, bytes: number, onDisk: number): void {
    this.#fetched += bytes;
    this.report(file, "downloading", onDisk);
  }
}
