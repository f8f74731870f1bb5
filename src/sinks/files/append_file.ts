import { OutputError } from "../../errors.ts";

/** A write costs as much as copying some 30 kB: small ones go together. */
const BUFFER = 1 << 16;

/** A file that grows at its end, from nothing or from what was whole of it. */
export class AppendFile implements Disposable {
  /** Path of the file. */
  readonly path: string;
  readonly #file: Deno.FsFile;
  readonly #buffer = new Uint8Array(BUFFER);
  #buffered = 0;
  #size: number;
  #isOpen = true;

  private constructor(path: string, file: Deno.FsFile, size: number) {
    this.path = path;
    this.#file = file;
    this.#size = size;
  }

  /**
   * Opens a file and cuts it to its first bytes.
   *
   * @param size Bytes that are kept.
   * @throws {OutputError} If the file has fewer.
   */
  static async open(path: string, size = 0): Promise<AppendFile> {
    const options = { read: true, write: true, create: true };
    const file = await Deno.open(path, options);
    try {
      const found = (await file.stat()).size;
      if (found < size) {
        throw new OutputError(
          `Cannot resume: ${found} bytes are left of ${size}, write it anew`,
          { path },
        );
      }
      await file.truncate(size);
      await file.seek(size, Deno.SeekMode.Start);
      return new AppendFile(path, file, size);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /**
   * Opens several files, or none: those opened are closed if one cannot be.
   *
   * @param sizes Bytes that are kept, by path.
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

  /** Waits until the disk has what was written to files; their bytes. */
  static async syncAll(...files: AppendFile[]): Promise<number[]> {
    await Promise.all(files.map((file) => file.sync()));
    return files.map(({ size }) => size);
  }

  /** Bytes written. */
  get size(): number {
    return this.#size;
  }

  /** Appends all of the bytes; they can be used again when it resolves. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#size += bytes.length;
    if (this.#buffered + bytes.length > BUFFER) await this.#flush();
    if (bytes.length > BUFFER) return await this.#writeAll(bytes);
    this.#buffer.set(bytes, this.#buffered);
    this.#buffered += bytes.length;
  }

  /** Appends all that another file has. */
  async append(other: AppendFile): Promise<void> {
    for await (const piece of other.pieces()) await this.write(piece);
  }

  /**
   * Writes over the last bytes, in their place: the file is never shorter.
   *
   * @param length How many they are.
   */
  async replaceEnd(bytes: Uint8Array, length = bytes.length): Promise<void> {
    await this.#flush();
    this.#size -= length;
    await this.#file.seek(this.#size, Deno.SeekMode.Start);
    await this.#writeAll(bytes);
    this.#size += bytes.length;
  }

  /** Waits until the disk has what was written. */
  async sync(): Promise<void> {
    await this.#flush();
    await this.#file.syncData();
  }

  /** What was written, from its first byte on, in pieces that are used again. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    await this.#flush();
    const piece = new Uint8Array(1 << 18);
    await this.#file.seek(0, Deno.SeekMode.Start);
    for (let at = 0; at < this.#size;) {
      const read = await this.#file.read(piece);
      if (read === null) break;
      at += read;
      yield piece.subarray(0, read);
    }
    await this.#file.seek(this.#size, Deno.SeekMode.Start);
  }

  /** Closes the file. */
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
