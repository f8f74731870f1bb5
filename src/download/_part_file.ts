import {
  isNotFound,
  open,
  type OpenFile,
  readText,
  removeIfThere,
  renameSync,
  writeText,
} from "../platform/files.ts";
import { md5Hash, type StreamingHash } from "../platform/hash.ts";
import { type FileVersion, UNKNOWN_VERSION } from "../http/version.ts";
import type { RemoteFile } from "../publishers/remote_file.ts";
import { OutputError } from "../errors.ts";

/** Bytes read at once. */
const PIECE = 1 << 20;

/** Options of {@linkcode md5Of}. */
export interface SumOptions {
  /** Called after each piece, with the bytes read so far. */
  readonly onRead?: (bytes: number) => void;
  /** Ends the read. */
  readonly signal?: AbortSignal;
}

/** Hashes a file from its current position to its end. */
export async function md5Of(
  file: OpenFile,
  { onRead, signal }: SumOptions,
): Promise<StreamingHash> {
  const hash = md5Hash();
  const buffer = new Uint8Array(PIECE);
  let bytes = 0;
  while (true) {
    signal?.throwIfAborted();
    const read = await file.read(buffer);
    if (read === null) return hash;
    hash.update(buffer.subarray(0, read));
    bytes += read;
    onRead?.(bytes);
  }
}

/**
 * Runs an operation on a file and turns its failure into an `OutputError`.
 *
 * @param act The operation, as it completes "Cannot ...".
 * @throws {OutputError} If the operation fails.
 */
export async function output<Value>(
  act: string,
  path: string,
  operation: () => Promise<Value>,
): Promise<Value> {
  try {
    return await operation();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const advice = FULL.test(reason)
      ? "free space or choose another folder"
      : "choose another folder or let us write to this one";
    throw new OutputError(`Cannot ${act}: ${reason}; ${advice}`, {
      path,
      cause: error,
    });
  }
}

// Deno has no error class for a full disk, a quota or a file limit.
const FULL = /no space|not enough space|quota|file too large/i;

/**
 * Part of a file that has arrived, in `<path>.part`. The note beside it,
 * `<path>.part.json`, says of which version it is, so that another process can
 * resume the download.
 */
export class PartFile implements Disposable {
  readonly #path: string;
  readonly #remote: RemoteFile;
  readonly #file: OpenFile;
  #hash: StreamingHash;
  #length: number;
  #version: FileVersion;
  #isWhole = false;
  #isOpen = true;

  private constructor(path: string, remote: RemoteFile, file: OpenFile) {
    this.#path = path;
    this.#remote = remote;
    this.#file = file;
    this.#hash = md5Hash();
    this.#length = 0;
    this.#version = UNKNOWN_VERSION;
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
  ): Promise<PartFile> {
    const file = await output(
      "write",
      `${path}.part`,
      () => open(`${path}.part`, { read: true, write: true, create: true }),
    );
    const part = new PartFile(path, remote, file);
    try {
      await part.#resume(options);
      return part;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Bytes that have arrived. */
  get length(): number {
    return this.#length;
  }

  /** Version that the bytes belong to. */
  get version(): FileVersion {
    return this.#version;
  }

  /** Drops the part and starts again with another version. */
  async restart(version: FileVersion): Promise<void> {
    const { bytes, md5 } = this.#remote;
    await this.#write(async () => {
      if (this.#file.statSync().size > 0) await this.#file.truncate(0);
      await this.#file.seek(0);
      await writeText(
        this.#notePath,
        JSON.stringify({ bytes, md5, ...version }),
      );
    });
    this.#hash = md5Hash();
    this.#length = 0;
    this.#version = version;
  }

  /** Appends bytes. */
  async append(bytes: Uint8Array): Promise<void> {
    await this.#write(async () => {
      for (let at = 0; at < bytes.length;) {
        at += await this.#file.write(bytes.subarray(at));
      }
    });
    this.#hash.update(bytes);
    this.#length += bytes.length;
  }

  /** Whether the part has the MD5 of the list; ends the hash. */
  isRight(): boolean {
    return this.#hash.hex() === this.#remote.md5;
  }

  /** Renames the whole file from `<path>.part` to `<path>`. */
  async commit(): Promise<void> {
    await output("give the whole file its name", this.#path, async () => {
      await this.#file.syncData();
      this.#close();
      renameSync(`${this.#path}.part`, this.#path);
      removeIfThere(this.#notePath);
    });
    this.#isWhole = true;
  }

  /** Closes the file. A part with bytes stays, an empty one is removed. */
  [Symbol.dispose](): void {
    this.#close();
    if (this.#isWhole || this.#length > 0) return;
    removeIfThere(`${this.#path}.part`);
    removeIfThere(this.#notePath);
  }

  #close(): void {
    if (this.#isOpen) this.#file.close();
    this.#isOpen = false;
  }

  get #notePath(): string {
    return `${this.#path}.part.json`;
  }

  async #resume(options: SumOptions): Promise<void> {
    const { bytes, md5 } = this.#remote;
    const { size } = await this.#file.stat();
    const note = size > 0 && size <= bytes ? await this.#note() : null;
    if (note === null || note.bytes !== bytes || note.md5 !== md5) {
      return await this.restart(UNKNOWN_VERSION);
    }
    this.#hash = await md5Of(this.#file, options);
    this.#length = size;
    this.#version = {
      etag: note.etag ?? null,
      lastModified: note.lastModified ?? null,
    };
  }

  async #note(): Promise<Partial<RemoteFile & FileVersion> | null> {
    try {
      return JSON.parse(await readText(this.#notePath));
    } catch (error) {
      if (isNotFound(error) || error instanceof SyntaxError) return null;
      throw error;
    }
  }

  #write(operation: () => Promise<void>): Promise<void> {
    const missing = this.#remote.bytes - this.#length;
    return output(`write ${missing} more bytes`, this.#path, operation);
  }
}
