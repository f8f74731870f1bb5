/**
 * Files that are written as `<path>.part` and get their names together, once
 * all of them are whole; the last one last, after the one of an earlier run is
 * gone. Whatever is not committed is removed.
 */
export class SyntheticParts implements AsyncDisposable {
  readonly #paths: string[] = [];
  readonly #open = new Set<Deno.FsFile>();
  #bytes = 0;
  #isCommitted = false;

  /** Bytes written to all of the files. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Starts a file; one of that name keeps its content until the end. */
  async create(path: string): Promise<WritableStream<Uint8Array>> {
    const file = await Deno.open(partOf(path), {
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
    await Deno.writeTextFile(partOf(path), text);
  }

  /** Gives the files their names. */
  async commit(): Promise<void> {
    const last = this.#paths[this.#paths.length - 1];
    await removeIfThere(last);
    for (const path of this.#paths) await Deno.rename(partOf(path), path);
    this.#isCommitted = true;
  }

  /** Removes what was not committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const file of this.#open) this.#close(file);
    if (this.#isCommitted) return;
    for (const path of this.#paths) await removeIfThere(partOf(path));
  }

  async #write(
    file: Deno.FsFile,
    path: string,
    chunk: Uint8Array,
  ): Promise<void> {
    try {
      for (let at = 0; at < chunk.length;) {
        at += await file.write(chunk.subarray(at));
      }
    } catch (error) {
      // The system's message says what went wrong, but not with which file.
      if (error instanceof Error) error.message += `: write '${partOf(path)}'`;
      throw error;
    }
    this.#bytes += chunk.length;
  }

  #close(file: Deno.FsFile): void {
    if (this.#open.delete(file)) file.close();
  }
}

function partOf(path: string): string {
  return `${path}.part`;
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
