import { openOwnFile } from "../platform/own_file.ts";
import {
  type OpenFile,
  removeIfThere,
  renameSync,
  writeText,
} from "../platform/files.ts";

/** Path under which a file grows until it is whole. */
export function partPath(path: string): string {
  return `${path}.part`;
}

/**
 * File that grows as `<path>.part` and is renamed once it is whole, so that the
 * path itself never has an incomplete file.
 *
 * Disposing of it closes it, and removes it unless it was kept or committed.
 */
export class PartFile implements Disposable {
  /** Path of the whole file. */
  readonly path: string;
  /** The open part, for reading it back. */
  readonly file: OpenFile;
  #size: number;
  #isKept = false;
  #isOpen = true;

  private constructor(path: string, file: OpenFile, size: number) {
    this.path = path;
    this.file = file;
    this.#size = size;
  }

  /**
   * Opens the part, empty or with what an earlier run has left of it.
   *
   * @throws {OutputError} If a link, a device or a folder is in its place.
   */
  static async open(
    path: string,
    mode: "new" | "resumed" = "new",
  ): Promise<PartFile> {
    const file = await openOwnFile(partPath(path));
    const part = new PartFile(path, file, file.statSync().size);
    try {
      if (mode === "new") await part.truncate(0);
      return part;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Bytes of the part. */
  get size(): number {
    return this.#size;
  }

  /** Appends bytes. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const written = await this.file.write(bytes.subarray(at));
      at += written;
      this.#size += written;
    }
  }

  /** Drops all but the first bytes. */
  async truncate(size: number): Promise<void> {
    await this.file.truncate(size);
    await this.file.seek(size);
    this.#size = size;
  }

  /** Leaves the part on disk for a later run. */
  keep(): void {
    this.#isKept = true;
  }

  /** Waits until the disk holds the part, and closes it; it has no name yet. */
  async finish(): Promise<void> {
    await this.file.syncData();
    this.#close();
  }

  /** Gives the finished part its name; an older file of it is replaced. */
  rename(): void {
    renameSync(partPath(this.path), this.path);
    this.#isKept = true;
  }

  /** Finishes and renames the part. */
  async commit(): Promise<void> {
    await this.finish();
    this.rename();
  }

  [Symbol.dispose](): void {
    this.#close();
    if (!this.#isKept) removeIfThere(partPath(this.path));
  }

  #close(): void {
    if (this.#isOpen) this.file.close();
    this.#isOpen = false;
  }
}

/**
 * Writes a small text file that appears whole or not at all, also if several
 * processes write it at once: the last one stays.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const part = partPath(`${path}.${crypto.randomUUID()}`);
  try {
    await writeText(part, text, { createNew: true });
    renameSync(part, path);
  } catch (error) {
    removeIfThere(part);
    throw error;
  }
}
