import {
  ArchiveError,
  DataNotFoundError,
  UnsupportedError,
} from "../../errors.ts";
import { join } from "../../base/path.ts";
import { OneAtATime } from "../../base/turns.ts";
import {
  isLinkSync,
  notSupportedError,
  open,
  type OpenFile,
  realPath,
  stat,
} from "../../platform/files.ts";

/** Bytes that are read without a promise, which takes longer than to copy them. */
const SMALL = 1 << 16;
/** Bytes that a small read fetches: the next one is likely behind it. */
const WINDOW = 1 << 18;

/** Open file, read at random. */
export class RandomFile implements Disposable {
  readonly path: string;
  /** Number of bytes. */
  readonly size: number;
  readonly #file: OpenFile;
  /** Reads share the position of the file. */
  readonly #turns = new OneAtATime();
  /** Bytes of the last small reads. */
  readonly #window = { offset: 0, bytes: new Uint8Array(0) };

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
   * Reads exactly `length` bytes from an offset; calls may overlap.
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
    return await this.#turns.run(async () => {
      if (length <= SMALL) return this.#small(offset, length);
      this.#file.seekSync(offset);
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length;) {
        const read = await this.#file.read(bytes.subarray(at));
        if (read === null) throw this.#tooShortError(offset, length);
        at += read;
      }
      return bytes;
    });
  }

  #small(offset: number, length: number): Uint8Array<ArrayBuffer> {
    const window = this.#window;
    const start = offset - window.offset;
    if (start >= 0 && start + length <= window.bytes.length) {
      return window.bytes.slice(start, start + length);
    }
    const bytes = new Uint8Array(Math.min(WINDOW, this.size - offset));
    this.#file.seekSync(offset);
    for (let at = 0; at < bytes.length;) {
      const read = this.#file.readSync(bytes.subarray(at));
      if (read === null) throw this.#tooShortError(offset, length);
      at += read;
    }
    Object.assign(window, { offset, bytes });
    return bytes.slice(0, length);
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
 * Opens a file in a folder, as {@linkcode openFile} does.
 *
 * @param path Path in the folder, parts divided by `/`.
 * @throws {UnsupportedError} If a link on the way leads out of the folder.
 */
export async function openInside(
  folder: string,
  path: string,
): Promise<RandomFile> {
  const whole = `${folder}/${path}`;
  if (hasLink(folder, path)) {
    const inside = join(await realPath(folder), "/");
    if (!(await realPath(whole)).startsWith(inside)) {
      throw new UnsupportedError(
        "Cannot read file: it is a link that leads out of the folder",
        { archive: folder, member: path },
      );
    }
  }
  return await openFile(whole);
}

/** Whether a part of a path is a link; parts that are missing are none. */
function hasLink(folder: string, path: string): boolean {
  let at = folder;
  return path.split("/").some((part) => {
    at = `${at}/${part}`;
    return isLinkSync(at);
  });
}

/**
 * Opens a file for reading.
 *
 * @throws {DataNotFoundError} If there is no file, or it may not be read.
 */
export async function openFile(path: string): Promise<RandomFile> {
  try {
    // To open a pipe would wait for its writer.
    const { isFile } = await stat(path);
    if (!isFile) throw notSupportedError("it is no file");
    const file = await open(path, { read: true });
    return new RandomFile(path, file.statSync().size, file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataNotFoundError(`Cannot read file: ${reason}`, {
      archive: path,
      cause,
    });
  }
}
