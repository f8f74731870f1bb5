import { ArchiveError, DataNotFoundError } from "../../errors.ts";

/** A file that is read at random. */
export class RandomFile implements Disposable {
  /** Path of the file. */
  readonly path: string;
  /** Bytes of the file. */
  readonly size: number;
  readonly #file: Deno.FsFile;

  constructor(path: string, size: number, file: Deno.FsFile) {
    this.path = path;
    this.size = size;
    this.#file = file;
  }

  /** The next bytes, as `Deno.FsFile.read` gives them. */
  read(into: Uint8Array): Promise<number | null> {
    return this.#file.read(into);
  }

  /**
   * So many bytes from an offset on.
   *
   * @throws {ArchiveError} If they are not there; before memory is taken.
   */
  async readAt(
    offset: number,
    length: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    if (offset < 0 || length < 0 || offset + length > this.size) {
      throw this.#isShort(offset, length);
    }
    await this.#file.seek(offset, Deno.SeekMode.Start);
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const read = await this.#file.read(bytes.subarray(at));
      if (read === null) throw this.#isShort(offset, length);
      at += read;
    }
    return bytes;
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file.close();
  }

  #isShort(offset: number, length: number): ArchiveError {
    return new ArchiveError(
      `Cannot read file: ${length} bytes lie beyond its ${this.size} bytes`,
      { archive: this.path, offset },
    );
  }
}

/**
 * Opens a file that somebody named.
 *
 * @throws {DataNotFoundError} If there is none, or it may not be read.
 */
export async function openFile(path: string): Promise<RandomFile> {
  try {
    const file = await Deno.open(path, { read: true });
    const { isFile, size } = file.statSync();
    if (isFile) return new RandomFile(path, size, file);
    file.close();
    throw new Deno.errors.NotSupported("it is no file");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataNotFoundError(`Cannot read file: ${reason}`, {
      archive: path,
      cause,
    });
  }
}
