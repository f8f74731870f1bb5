import { createHash, type Hash } from "node:crypto";
import { removeIfThere } from "../platform/files.ts";
import type { RemoteFile } from "../publishers/remote_file.ts";
import { OutputError } from "../errors.ts";

/** Bytes read at once. */
const PIECE = 1 << 20;

/** How a file is summed. */
export interface SumOptions {
  /** Told how many bytes have been read. */
  readonly onRead?: (bytes: number) => void;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

/** The MD5 of what a file holds from where it stands to its end. */
export async function md5Of(
  file: Deno.FsFile,
  { onRead, signal }: SumOptions,
): Promise<Hash> {
  const hash = createHash("md5");
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
 * Does something to a file and tells its failure as one of the place written to.
 *
 * @param act What is done, as it completes "Cannot ...".
 * @throws {OutputError} If it fails.
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

// The disk, a quota, a limit on files: Deno has no class, nor always a code.
const FULL = /no space|not enough space|quota|file too large/i;

/** What tells one version of a file at the server from another. */
export interface Validators {
  /** Its `ETag`. */
  readonly etag: string | null;
  /** Its `Last-Modified`. */
  readonly lastModified: string | null;
}

const NONE: Validators = { etag: null, lastModified: null };

/**
 * What has arrived of a file, as `<path>.part`, and beside it as
 * `<path>.part.json` the version that it is of: enough for another process to
 * go on with it.
 */
export class PartFile implements Disposable {
  readonly #path: string;
  readonly #remote: RemoteFile;
  readonly #file: Deno.FsFile;
  #hash: Hash;
  #length: number;
  #validators: Validators;
  #isWhole = false;
  #isOpen = true;

  private constructor(path: string, remote: RemoteFile, file: Deno.FsFile) {
    this.#path = path;
    this.#remote = remote;
    this.#file = file;
    this.#hash = createHash("md5");
    this.#length = 0;
    this.#validators = NONE;
  }

  /**
   * Opens what there is of a file, for whoever has its lock.
   *
   * @param path Where the whole file is to be.
   * @param options About reading what there is, which takes a second a GB or so.
   * @throws {OutputError} If there is no writing there.
   */
  static async open(
    path: string,
    remote: RemoteFile,
    options: SumOptions,
  ): Promise<PartFile> {
    const file = await output(
      "write",
      `${path}.part`,
      () =>
        Deno.open(`${path}.part`, { read: true, write: true, create: true }),
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

  /** Bytes that are there. */
  get length(): number {
    return this.#length;
  }

  /** The version that they are of. */
  get validators(): Validators {
    return this.#validators;
  }

  /** Drops what there is, for a version to come. */
  async restart(validators: Validators): Promise<void> {
    const { bytes, md5 } = this.#remote;
    await this.#write(async () => {
      if (this.#file.statSync().size > 0) await this.#file.truncate(0);
      await this.#file.seek(0, Deno.SeekMode.Start);
      await Deno.writeTextFile(
        this.#notePath,
        JSON.stringify({ bytes, md5, ...validators }),
      );
    });
    this.#hash = createHash("md5");
    this.#length = 0;
    this.#validators = validators;
  }

  /** Adds all of the bytes. */
  async append(bytes: Uint8Array): Promise<void> {
    await this.#write(async () => {
      for (let at = 0; at < bytes.length;) {
        at += await this.#file.write(bytes.subarray(at));
      }
    });
    this.#hash.update(bytes);
    this.#length += bytes.length;
  }

  /** Whether what is there has the MD5 that is listed; asked once. */
  isRight(): boolean {
    return this.#hash.digest("hex") === this.#remote.md5;
  }

  /** Gives the whole file its name. */
  async commit(): Promise<void> {
    await output("give the whole file its name", this.#path, async () => {
      await this.#file.sync();
      this.#close();
      await Deno.rename(`${this.#path}.part`, this.#path);
      removeIfThere(this.#notePath);
    });
    this.#isWhole = true;
  }

  /** Closes the file; what arrived stays, nothing leaves nothing. */
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
      return await this.restart(NONE);
    }
    this.#hash = await md5Of(this.#file, options);
    this.#length = size;
    this.#validators = {
      etag: note.etag ?? null,
      lastModified: note.lastModified ?? null,
    };
  }

  async #note(): Promise<Partial<RemoteFile & Validators> | null> {
    try {
      return JSON.parse(await Deno.readTextFile(this.#notePath));
    } catch (error) {
      const isUnusable = error instanceof Deno.errors.NotFound ||
        error instanceof SyntaxError;
      if (isUnusable) return null;
      throw error;
    }
  }

  #write(operation: () => Promise<void>): Promise<void> {
    const missing = this.#remote.bytes - this.#length;
    return output(`write ${missing} more bytes`, this.#path, operation);
  }
}
