import type { ReadOptions } from "../base/abort.ts";
import { dirname, join } from "../base/path.ts";
import { DataNotFoundError, LimitError } from "../errors.ts";
import { fileReason, isSystemError } from "../platform/file_reason.ts";
import {
  type FolderEntry,
  isNotFound,
  list,
  open,
  type OpenFile,
  removeIfThere,
  statIfThere,
} from "../platform/files.ts";
import { append, localSize, outputError, STEP } from "./_local_file.ts";
import { removeLeftParts, storeLink, storeNew } from "./_new_file.ts";
import {
  checkKey,
  checkPrefix,
  type GetOptions,
  isKey,
  type Place,
  type PlaceEntry,
  type PlaceFile,
  type PutFileOptions,
  type Stored,
} from "./place.ts";

/** Folder as a place: an object is a file, its key the path in the folder. */
export class FolderPlace implements Place {
  readonly name: string;
  readonly folder: string;
  /** Folders that this process has rid of left parts. */
  readonly #tidied = new Set<string>();

  /** @param path Path of the folder, which need not exist. */
  constructor(path: string) {
    this.name = path;
    this.folder = path;
  }

  async get(
    key: string,
    { maxBytes, signal }: GetOptions,
  ): Promise<Uint8Array | undefined> {
    const size = await this.sizeOf(key, { signal });
    if (size === undefined) return undefined;
    if (size > maxBytes) {
      throw new LimitError(
        `Cannot read object: it has ${size} bytes, expected at most ${maxBytes}`,
        this.#at(key),
      );
    }
    return await this.#reading(key, async (path) => {
      const file = await open(path, { read: true });
      try {
        return await wholeOf(file, size);
      } finally {
        file.close();
      }
    });
  }

  async sizeOf(
    key: string,
    { signal }: ReadOptions = {},
  ): Promise<number | undefined> {
    checkKey(key);
    signal?.throwIfAborted();
    const found = await this.#reading(key, statIfThere);
    if (found === null) return undefined;
    if (found.isFile) return found.size;
    throw new DataNotFoundError(
      "Cannot read object: it is no file",
      this.#at(key),
    );
  }

  async put(
    key: string,
    bytes: Uint8Array,
    options?: ReadOptions,
  ): Promise<Stored> {
    return await this.#store(key, (file) => append(file, bytes), options);
  }

  async putFile(
    key: string,
    path: string,
    options: PutFileOptions = {},
  ): Promise<Stored> {
    checkKey(key);
    await localSize(path, options);
    if (options.isFinal) {
      const link = (target: string): Promise<Stored | undefined> =>
        storeLink(path, target);
      const stored = await this.#writing("write", key, link);
      if (stored !== undefined) return stored;
    }
    const source = await open(path, { read: true });
    try {
      return await this.#store(key, async (file) => {
        const buffer = new Uint8Array(STEP);
        await source.seek(0);
        for (let read: number | null = 0; read !== null;) {
          options.signal?.throwIfAborted();
          await append(file, buffer.subarray(0, read));
          read = await source.read(buffer);
        }
      }, options);
    } finally {
      source.close();
    }
  }

  async file(key: string, options?: ReadOptions): Promise<PlaceFile> {
    if (await this.sizeOf(key, options) === undefined) {
      throw new DataNotFoundError(
        "Cannot read object: there is none",
        this.#at(key),
      );
    }
    return {
      path: this.#pathOf(key),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  async *list(
    prefix: string,
    { signal }: ReadOptions = {},
  ): AsyncGenerator<PlaceEntry> {
    signal?.throwIfAborted();
    checkPrefix(prefix);
    const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
    for await (const key of this.#keys(folder, prefix)) {
      signal?.throwIfAborted();
      const found = await this.#reading(key, statIfThere);
      if (found?.isFile) yield { key, bytes: found.size };
    }
  }

  async remove(key: string, { signal }: ReadOptions = {}): Promise<void> {
    checkKey(key);
    signal?.throwIfAborted();
    await this.#writing("remove", key, (path) => {
      removeIfThere(path);
      return Promise.resolve();
    });
  }

  async #store(
    key: string,
    fill: (file: OpenFile) => Promise<void>,
    options: ReadOptions = {},
  ): Promise<Stored> {
    checkKey(key);
    options.signal?.throwIfAborted();
    return await this.#writing("write", key, async (path) => {
      const folder = dirname(path);
      if (!this.#tidied.has(folder)) await removeLeftParts(folder);
      this.#tidied.add(folder);
      return await storeNew(path, fill, options);
    });
  }

  /** Keys of the files in a folder and below it, sorted by code unit. */
  async *#keys(folder: string, prefix: string): AsyncGenerator<string> {
    const names = (await this.#entries(folder))
      .map(({ name, isDirectory }) => folder + name + (isDirectory ? "/" : ""))
      .filter((path) => path.startsWith(prefix) || prefix.startsWith(path))
      .sort();
    for (const path of names) {
      if (path.endsWith("/")) yield* this.#keys(path, prefix);
      else yield path;
    }
  }

  async #entries(folder: string): Promise<FolderEntry[]> {
    try {
      const entries = await Array.fromAsync(list(join(this.name, folder)));
      return entries.filter(({ name }) => isKey(name));
    } catch (error) {
      if (isNotFound(error)) return [];
      throw this.#readError(error, folder);
    }
  }

  #pathOf(key: string): string {
    return join(this.name, key);
  }

  #at(key: string): { archive: string; member: string } {
    return { archive: this.name, member: key };
  }

  async #reading<Value>(
    key: string,
    read: (path: string) => Promise<Value>,
  ): Promise<Value> {
    try {
      return await read(this.#pathOf(key));
    } catch (error) {
      throw this.#readError(error, key);
    }
  }

  #readError(error: unknown, key: string): unknown {
    if (!isSystemError(error)) return error;
    const why = `Cannot read object: ${fileReason(error)}`;
    return new DataNotFoundError(why, { ...this.#at(key), cause: error });
  }

  async #writing<Value>(
    act: string,
    key: string,
    write: (path: string) => Promise<Value>,
  ): Promise<Value> {
    const path = this.#pathOf(key);
    try {
      return await write(path);
    } catch (error) {
      throw outputError(act, path, error);
    }
  }
}

/** First bytes of a file; fewer if it is shorter. */
async function wholeOf(file: OpenFile, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size;) {
    const read = await file.read(bytes.subarray(at));
    if (read === null) return bytes.subarray(0, at);
    at += read;
  }
  return bytes;
}
