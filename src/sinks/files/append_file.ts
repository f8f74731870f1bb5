import { OutputError } from "../../errors.ts";
import { open, type OpenFile } from "../../platform/files.ts";

/** One write costs as much as copying 30 kB: small writes are collected. */
const BUFFER = 1 << 16;

/** Append-only file, new or continued after its first bytes. */
export class AppendFile implements Disposable {
  readonly path: string;
  readonly #file: OpenFile;
  readonly #buffer = new Uint8Array(BUFFER);
  #buffered = 0;
  #size: number;
  #isOpen = true;

  private constructor(path: string, file: OpenFile, size: number) {
    this.path = path;
    this.#file = file;
    this.#size = size;
  }

  /**
   * Opens a file and truncates it.
   *
   * @param size Number of bytes to keep.
   * @throws {OutputError} If the file is shorter.
   */
  static async open(path: string, size = 0): Promise<AppendFile> {
    const file = await open(path, { read: true, write: true, create: true });
    try {
      const found = (await file.stat()).size;
      if (found < size) {
        throw new OutputError(
          `Cannot resume: ${found} bytes are left of ${size}, write it anew`,
          { path },
        );
      }
      await file.truncate(size);
      await file.seek(size);
      return new AppendFile(path, file, size);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /**
   * Opens several files. If one cannot be opened, the others are closed.
   *
   * @param sizes Number of bytes to keep, by path.
   */
  static async openAll(
    sizes: Readonly<Record<string, number | undefined>>,
  ): Promise<AppendFile[]> {
    using opened = new DisposableStack();
    const files: AppendFile[] = [];
    for (const [path, size] of Object.entries(sizes)) {
      files.push(opened.use(await AppendFile.open(path, size)));
    }
    opened.move();
    return files;
  }

  /** Syncs files to the disk and returns their sizes. */
  static async syncAll(...files: AppendFile[]): Promise<number[]> {
    await Promise.all(files.map((file) => file.sync()));
    return files.map(({ size }) => size);
  }

  /** Number of bytes, including those still buffered. */
  get size(): number {
    return this.#size;
  }

  /** Appends bytes. The caller may reuse them once the promise resolves. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#size += bytes.length;
    if (this.#buffered + bytes.length > BUFFER) await this.#flush();
    if (bytes.length > BUFFER) return await this.#writeAll(bytes);
    this.#buffer.set(bytes, this.#buffered);
    this.#buffered += bytes.length;
  }

  /** Appends the content of another file. */
  async append(other: AppendFile): Promise<void> {
    for await (const piece of other.pieces()) await this.write(piece);
  }

  /**
   * Overwrites the last bytes in place, so that the file never shrinks.
   *
   * @param length Number of bytes to replace, at most `bytes.length`.
   */
  async replaceEnd(bytes: Uint8Array, length = bytes.length): Promise<void> {
    await this.#flush();
    this.#size -= length;
    await this.#file.seek(this.#size);
    await this.#writeAll(bytes);
    this.#size += bytes.length;
  }

  /** Waits until the disk holds everything written. */
  async sync(): Promise<void> {
    await this.#flush();
    await this.#file.syncData();
  }

  /** Reads the content from its first byte; the same buffer holds every piece. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    await this.#flush();
    const piece = new Uint8Array(1 << 18);
    await this.#file.seek(0);
    for (let at = 0; at < this.#size;) {
      const read = await this.#file.read(piece);
      if (read === null) break;
      at += read;
      yield piece.subarray(0, read);
    }
    await this.#file.seek(this.#size);
  }

  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#file.close();
  }

  async #flush(): Promise<void> {
    const bytes = this.#buffer.subarray(0, this.#buffered);
    this.#buffered = 0;
    await this.#writeAll(bytes);
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      at += await this.#file.write(bytes.subarray(at));
    }
  }
}
