import type { RemoteFile } from "../publishers/remote_file.ts";

/**
 * What is being done to a file: `waiting` for another process that fetches it,
 * `checking` what is there, `downloading`, or `done`.
 */
export type DownloadState = "waiting" | "checking" | "downloading" | "done";

/** How far a download has come. */
export interface DownloadProgress {
  /** The file that something happened to. */
  readonly file: string;
  /** What is being done to it. */
  readonly state: DownloadState;
  /**
   * Bytes that are there (or, of a file that is being checked, have been), of all
   * files; fewer again where one starts over.
   */
  readonly bytesDone: number;
  /** Bytes of all files. */
  readonly bytesTotal: number;
  /** Bytes that came over the network, for a rate. */
  readonly bytesFetched: number;
  /** Files that are whole. */
  readonly filesDone: number;
  /** Files in all. */
  readonly filesTotal: number;
}

/** Adds up what happens to the files of one download. */
export class Tracker {
  readonly #files: readonly RemoteFile[];
  readonly #onProgress: (progress: DownloadProgress) => void;
  readonly #there = new Map<string, number>();
  #fetched = 0;
  #done = 0;

  constructor(
    files: readonly RemoteFile[],
    onProgress: (progress: DownloadProgress) => void,
  ) {
    this.#files = files;
    this.#onProgress = onProgress;
  }

  /** Tells what is done to a file of which some bytes are there. */
  tell(file: RemoteFile, state: DownloadState, there: number): void {
    this.#there.set(file.name, there);
    if (state === "done") this.#done++;
    this.#onProgress({
      file: file.name,
      state,
      bytesDone: [...this.#there.values()].reduce((a, b) => a + b, 0),
      bytesTotal: this.#files.reduce((sum, { bytes }) => sum + bytes, 0),
      bytesFetched: this.#fetched,
      filesDone: this.#done,
      filesTotal: this.#files.length,
    });
  }

  /** Tells that bytes of a file have come. */
  fetched(file: RemoteFile, bytes: number, there: number): void {
    this.#fetched += bytes;
    this.tell(file, "downloading", there);
  }
}
