import { ArchiveError, DataNotFoundError } from "../../errors.ts";
import {
  notSupportedError,
  open,
  type OpenFile,
} from "../../platform/files.ts";

/** Open file, read at random. */
export class RandomFile implements Disposable {
  readonly path: string;
  /** Number of bytes. */
  readonly size: number;
  readonly #file: OpenFile;

  constructor(path: string, size: number, file: OpenFile) {
    this.path = path;
    this.size = size;
    this.#file = file;
  }

  /** Reads the next bytes; null at the end of the file. */
  read(into: Uint8Array): Promise<number | null> {
    return this.#file.read(into);
  }

  /**
   * Reads exactly `length` bytes from an offset.
   *
   * @throws {ArchiveError} If the file ends before, without allocating memory.
   */
  async readAt(
    offset: number,
    length: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    if (offset < 0 || length < 0 || offset + length > this.size) {
      throw this.#tooShortError(offset, length);
    }
    await this.#file.seek(offset);
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const read = await this.#file.read(bytes.subarray(at));
      if (read === null) throw this.#tooShortError(offset, length);
      at += read;
    }
    return bytes;
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  #tooShortError(offset: number, length: number): ArchiveError {
    return new ArchiveError(
      `Cannot read file: ${length} bytes lie beyond its ${this.size} bytes`,
      { archive: this.path, offset },
    );
  }
}

/**
 * Opens a file for reading.
 *
 * @throws {DataNotFoundError} If there is no file, or it may not be read.
 */
export async function openFile(path: string): Promise<RandomFile> {
  try {
    const file = await open(path, { read: true });
    const { isFile, size } = file.statSync();
    if (isFile) return new RandomFile(path, size, file);
    file.close();
    throw notSupportedError("it is no file");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataNotFoundError(`Cannot read file: ${reason}`, {
      archive: path,
      cause,
    });
  }
}
