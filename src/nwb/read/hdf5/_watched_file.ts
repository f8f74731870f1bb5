import { faultAfter, formatFault } from "./_fault.ts";
import type { RandomFile } from "./file_node.ts";

/** Bytes that a request may read: for each byte of the file, and beside them. */
const MOST_READS = 16;
const MOST_EXTRA_BYTES = 1 << 26;

/** File that counts reads, and refuses to be read again and again. */
export class WatchedFile implements RandomFile {
  readonly #file: RandomFile;
  readonly #progress: Int32Array;
  readonly #mostBytes: number;
  #bytes = 0;

  /** @param progress Counts the reads for another thread. */
  constructor(file: RandomFile, size: number, progress: Int32Array) {
    this.#file = file;
    this.#progress = progress;
    this.#mostBytes = MOST_READS * size + MOST_EXTRA_BYTES;
  }

  /** Begins a request. */
  restart(): void {
    this.#bytes = 0;
  }

  seekSync(offset: number): void {
    this.#file.seekSync(offset);
  }

  readSync(into: Uint8Array): number | null {
    Atomics.add(this.#progress, 0, 1);
    this.#bytes += into.length;
    if (this.#bytes > this.#mostBytes) {
      throw faultAfter(formatFault("its parts refer to one another"), "broken");
    }
    return this.#file.readSync(into);
  }

  writeSync(bytes: Uint8Array): number {
    return this.#file.writeSync(bytes);
  }

  truncateSync(size: number): void {
    this.#file.truncateSync(size);
  }
}
