import { PartFile, partPath, writeWhole } from "../base/part_file.ts";
import { type FileVersion, UNKNOWN_VERSION } from "../http/version.ts";
import {
  isNotFound,
  lstatSync,
  readText,
  removeIfThere,
} from "../platform/files.ts";
import { md5Hash } from "../platform/hash.ts";
import type { RemoteFile } from "../publishers/remote_file.ts";
import { md5Of, output, type SumOptions } from "./_disk.ts";

/** Longest note that is read, in bytes; the headers of a response fit. */
const LONGEST_NOTE = 1 << 16;

/**
 * Part of a file that has arrived, in `<path>.part`. The note beside it,
 * `<path>.part.json`, says of which version it is, so that another process can
 * resume the download.
 */
export class DownloadPart implements Disposable {
  readonly #remote: RemoteFile;
  readonly #part: PartFile;
  readonly #notePath: string;
  #hash = md5Hash();
  #version = UNKNOWN_VERSION;
  #isWhole = false;

  private constructor(remote: RemoteFile, part: PartFile) {
    this.#remote = remote;
    this.#part = part;
    this.#notePath = notePath(part.path);
  }

  /**
   * Opens the part that is on disk, or an empty one. The caller holds the lock.
   *
   * @param path Path of the whole file.
   * @param options For hashing the part, at about a second a GB.
   * @throws {OutputError} If the part cannot be written.
   */
  static async open(
    path: string,
    remote: RemoteFile,
    options: SumOptions,
  ): Promise<DownloadPart> {
    const part = await output(
      "write",
      partPath(path),
      () => PartFile.open(path, "resumed"),
    );
    using opened = new DisposableStack();
    const download = opened.use(new DownloadPart(remote, part));
    await download.#resume(options);
    opened.move();
    return download;
  }

  /** Bytes that have arrived. */
  get length(): number {
    return this.#part.size;
  }

  /** Version that the bytes belong to. */
  get version(): FileVersion {
    return this.#version;
  }

  /** Drops the part and starts again with another version. */
  async restart(version: FileVersion): Promise<void> {
    const { bytes, md5 } = this.#remote;
    await this.#write(async () => {
      if (this.length > 0) await this.#part.truncate(0);
      const note: Note = { bytes, md5, ...version };
      await writeWhole(this.#notePath, JSON.stringify(note));
    });
    this.#hash = md5Hash();
    this.#version = version;
  }

  /** Appends bytes. */
  async append(bytes: Uint8Array): Promise<void> {
    await this.#write(() => this.#part.write(bytes));
    this.#hash.update(bytes);
  }

  /** Whether the part has the MD5 of the list; ends the hash. */
  isRight(): boolean {
    return this.#hash.hex() === this.#remote.md5;
  }

  /** Renames the whole file from `<path>.part` to `<path>`. */
  async commit(): Promise<void> {
    const { path } = this.#part;
    await output("give the whole file its name", path, async () => {
      await this.#part.commit();
      removeIfThere(this.#notePath);
    });
    this.#isWhole = true;
  }

  /** Closes the file. A part with bytes stays, an empty one is removed. */
  [Symbol.dispose](): void {
    const isEmpty = this.length === 0;
    if (!isEmpty) this.#part.keep();
    this.#part[Symbol.dispose]();
    if (isEmpty && !this.#isWhole) removeIfThere(this.#notePath);
  }

  async #resume(options: SumOptions): Promise<void> {
    const { bytes, md5 } = this.#remote;
    const isUsable = this.length > 0 && this.length <= bytes;
    const note = isUsable ? await readNote(this.#notePath) : null;
    if (note?.bytes !== bytes || note.md5 !== md5) {
      return await this.restart(UNKNOWN_VERSION);
    }
    this.#hash = await md5Of(this.#part.file, options);
    this.#version = {
      etag: textOrNull(note.etag),
      lastModified: textOrNull(note.lastModified),
    };
  }

  #write(operation: () => Promise<void>): Promise<void> {
    const missing = this.#remote.bytes - this.length;
    return output(`write ${missing} more bytes`, this.#part.path, operation);
  }
}

/** File that a part belongs to, and the version of it. */
interface Note extends FileVersion {
  readonly bytes: number;
  readonly md5: string;
}

function notePath(path: string): string {
  return `${partPath(path)}.json`;
}

/** Note of an earlier run; null if it is missing or unusable. */
async function readNote(
  path: string,
): Promise<Partial<Record<keyof Note, unknown>> | null> {
  try {
    // A link or a pipe is not a note of ours.
    const { isFile, size } = lstatSync(path);
    if (!isFile || size > LONGEST_NOTE) return null;
    return JSON.parse(await readText(path));
  } catch (error) {
    if (isNotFound(error) || error instanceof SyntaxError) return null;
    throw error;
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
