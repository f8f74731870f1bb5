import {
  open,
  type OpenFile,
  removeIfThere,
  renameSync,
  writeText,
} from "../../platform/files.ts";

/**
 * Files that are written as `<path>.part` and get their names together, once
 * all of them are whole. The file added last gets its name last, after that of
 * an earlier run is removed. Without a commit, all parts are removed.
 */
export class SyntheticParts implements Disposable {
  readonly #paths: string[] = [];
  readonly #open = new Set<OpenFile>();
  #bytes = 0;
  #isCommitted = false;

  /** Bytes written to all of the streams. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Starts a file; an older one at the path stays until the commit. */
  async create(path: string): Promise<WritableStream<Uint8Array>> {
    const file = await open(partPath(path), {
      write: true,
      create: true,
      truncate: true,
    });
    this.#paths.push(path);
    this.#open.add(file);
    return new WritableStream({
      write: (chunk) => this.#write(file, path, chunk),
      close: () => this.#close(file),
    });
  }

  /** Writes a whole file. */
  async writeText(path: string, text: string): Promise<void> {
    this.#paths.push(path);
    await writeText(partPath(path), text);
  }

  /** Gives the files their names. */
  commit(): void {
    const last = this.#paths.at(-1);
    if (last !== undefined) removeIfThere(last);
    for (const path of this.#paths) renameSync(partPath(path), path);
    this.#isCommitted = true;
  }

  /** Removes the parts that were not committed. */
  [Symbol.dispose](): void {
    for (const file of this.#open) this.#close(file);
    if (this.#isCommitted) return;
    for (const path of this.#paths) removeIfThere(partPath(path));
  }

  async #write(
    file: OpenFile,
    path: string,
    chunk: Uint8Array,
  ): Promise<void> {
    try {
      for (let at = 0; at < chunk.length;) {
        at += await file.write(chunk.subarray(at));
      }
    } catch (error) {
      // The system's message gives the reason, but not the file.
      if (error instanceof Error) {
        error.message += `: write '${partPath(path)}'`;
      }
      throw error;
    }
    this.#bytes += chunk.length;
  }

  #close(file: OpenFile): void {
    if (this.#open.delete(file)) file.close();
  }
}

function partPath(path: string): string {
  return `${path}.part`;
}
