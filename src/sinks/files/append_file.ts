import { OutputError } from "../../errors.ts";
import type { OpenFile } from "../../platform/files.ts";
import { isAt, openOwnFile } from "../../platform/own_file.ts";
import { crc32 } from "../../platform/zlib.ts";

/** One write costs as much as copying 30 kB: small writes are collected. */
const BUFFER = 1 << 16;
const PIECE = 1 << 18;

/** Length and checksum of a file's bytes. */
export interface Extent {
  /** Number of bytes. */
  readonly size: number;
  /** CRC-32 of the bytes. */
  readonly crc32: number;
}

/** Extent of an empty file. */
const EMPTY: Extent = { size: 0, crc32: 0 };

/** Append-only file, new or continued after its first bytes. */
export class AppendFile implements Disposable {
  readonly path: string;
  readonly #file: OpenFile;
  readonly #buffer = new Uint8Array(BUFFER);
  #buffered = 0;
  #size: number;
  #crc32: number;
  #isOpen = true;

  private constructor(path: string, file: OpenFile, kept: Extent) {
    this.path = path;
    this.#file = file;
    this.#size = kept.size;
    this.#crc32 = kept.crc32;
  }

  /**
   * Opens a file and truncates it.
   *
   * @param kept Bytes to keep.
   * @param end Bytes that end those to keep, if a killed run may have overwritten
   * them; they are written again.
   * @throws {OutputError} If the file begins with other bytes, or something else
   * than a file is at the path.
   */
  static async open(
    path: string,
    kept = EMPTY,
    end = new Uint8Array(0),
  ): Promise<AppendFile> {
    const file = await openOwnFile(path);
    try {
      const { size } = kept;
      const intact = Math.max(0, size - end.length);
      if (size > 0) {
        const sum = crc32(end, await sumOf(file, intact, path));
        if (sum !== kept.crc32) throw damagedError(path);
      }
      await file.truncate(size);
      await file.seek(intact);
      if (size > 0) await writeAll(file, end);
      return new AppendFile(path, file, kept);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /**
   * Opens several files. If one cannot be opened, the others are closed.
   *
   * @param paths Path of each file, by name.
   * @param kept Bytes to keep, by the same names.
   */
  static async openAll<Name extends string>(
    paths: Readonly<Record<Name, string>>,
    kept: Readonly<Partial<Record<string, Extent>>> = {},
  ): Promise<Record<Name, AppendFile>> {
    using opened = new DisposableStack();
    const files: Partial<Record<Name, AppendFile>> = {};
    for (const name of Object.keys(paths) as Name[]) {
      const file = await AppendFile.open(paths[name], kept[name]);
      files[name] = opened.use(file);
    }
    opened.move();
    return files as Record<Name, AppendFile>;
  }

  /** Syncs files to the disk and returns their extents, by name. */
  static async syncAll<Name extends string>(
    files: Readonly<Record<Name, AppendFile>>,
  ): Promise<Record<Name, Extent>> {
    const all = Object.entries<AppendFile>(files);
    await Promise.all(all.map(([, file]) => file.sync()));
    const extents = all.map(([name, { extent }]) => [name, extent]);
    return Object.fromEntries(extents);
  }

  /** Number of bytes, including those still buffered. */
  get size(): number {
    return this.#size;
  }

  /** Extent, unless {@linkcode replaceEnd} or {@linkcode append} was called. */
  get extent(): Extent {
    return { size: this.#size, crc32: this.#crc32 };
  }

  /** Appends bytes. The caller may reuse them once the promise resolves. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#crc32 = crc32(bytes, this.#crc32);
    await this.#write(bytes);
  }

  /** Appends the content of another file, for the last time. */
  async append(other: AppendFile): Promise<void> {
    for await (const piece of other.pieces()) await this.#write(piece);
  }

  /**
   * Overwrites the last bytes in place, so that the file never shrinks, for the
   * last time.
   *
   * @param length Number of bytes to replace, at most `bytes.length`.
   */
  async replaceEnd(bytes: Uint8Array, length: number): Promise<void> {
    await this.#flush();
    this.#size -= length;
    await this.#file.seek(this.#size);
    await writeAll(this.#file, bytes);
    this.#size += bytes.length;
  }

  /**
   * Waits until the disk holds everything written.
   *
   * @throws {OutputError} If the file was removed, replaced, or changed its size
   * in the meantime.
   */
  async sync(): Promise<void> {
    await this.#flush();
    await this.#file.syncData();
    const isThere = isAt(this.#file, this.path);
    if (isThere && this.#file.statSync().size === this.#size) return;
    throw new OutputError(
      "Cannot write file: another program removed or changed it meanwhile",
      { path: this.path },
    );
  }

  /** Reads the content from its first byte; the same buffer holds every piece. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    await this.#flush();
    yield* piecesOf(this.#file, this.#size);
    await this.#file.seek(this.#size);
  }

  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#file.close();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#size += bytes.length;
    if (this.#buffered + bytes.length > BUFFER) await this.#flush();
    if (bytes.length > BUFFER) return await writeAll(this.#file, bytes);
    this.#buffer.set(bytes, this.#buffered);
    this.#buffered += bytes.length;
  }

  async #flush(): Promise<void> {
    const bytes = this.#buffer.subarray(0, this.#buffered);
    this.#buffered = 0;
    await writeAll(this.#file, bytes);
  }
}

/** CRC-32 of the first bytes of a file. */
async function sumOf(
  file: OpenFile,
  size: number,
  path: string,
): Promise<number> {
  let sum = 0;
  let read = 0;
  for await (const piece of piecesOf(file, size)) {
    sum = crc32(piece, sum);
    read += piece.length;
  }
  if (read < size) {
    throw damagedError(path, `${read} bytes are left of ${size}`);
  }
  return sum;
}

/** First bytes of a file; the same buffer holds every piece. */
async function* piecesOf(
  file: OpenFile,
  size: number,
): AsyncGenerator<Uint8Array> {
  const piece = new Uint8Array(PIECE);
  await file.seek(0);
  for (let at = 0; at < size;) {
    const read = await file.read(piece.subarray(0, Math.min(PIECE, size - at)));
    if (read === null) return;
    at += read;
    yield piece.subarray(0, read);
  }
}

async function writeAll(file: OpenFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await file.write(bytes.subarray(at));
  }
}

/** Error of a resume that finds other bytes than an earlier run wrote. */
export function damagedError(
  path: string,
  why = "its bytes are not those that were written",
): OutputError {
  return new OutputError(`Cannot resume: ${why}, write it anew`, { path });
}
