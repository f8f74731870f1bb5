import { PartFile, partPath } from "../../base/part_file.ts";
import { removeIfThere } from "../../platform/files.ts";

/**
 * Files that are written as `<path>.part` and get their names together, once
 * all of them are whole. The file added last gets its name last, after that of
 * an earlier run is removed. Without a commit, all parts are removed.
 */
export class SyntheticParts implements Disposable {
  readonly #parts: PartFile[] = [];

  /** Bytes written to all of the files. */
  get bytes(): number {
    return this.#parts.reduce((sum, { size }) => sum + size, 0);
  }

  /** Starts a file; an older one at the path stays until the commit. */
  async create(path: string): Promise<WritableStream<Uint8Array>> {
    const part = await this.#open(path);
    return new WritableStream({ write: (chunk) => write(part, chunk) });
  }

  /** Writes a whole file. */
  async writeText(path: string, text: string): Promise<void> {
    const part = await this.#open(path);
    await write(part, new TextEncoder().encode(text));
  }

  /** Gives the files their names. */
  async commit(): Promise<void> {
    for (const part of this.#parts) await part.finish();
    const last = this.#parts.at(-1);
    if (last !== undefined) removeIfThere(last.path);
    for (const part of this.#parts) part.rename();
  }

  /** Removes the parts that were not committed. */
  [Symbol.dispose](): void {
    for (const part of this.#parts) part[Symbol.dispose]();
  }

  async #open(path: string): Promise<PartFile> {
    const part = await PartFile.open(path);
    this.#parts.push(part);
    return part;
  }
}

async function write(part: PartFile, bytes: Uint8Array): Promise<void> {
  try {
    await part.write(bytes);
  } catch (error) {
    // The system's message gives the reason, but not the file.
    if (error instanceof Error) {
      error.message += `: write '${partPath(part.path)}'`;
    }
    throw error;
  }
}
