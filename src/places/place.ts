import type { ReadOptions } from "../base/abort.ts";

/** Object in a {@linkcode Place}. */
export interface PlaceEntry {
  /** Name of the object. */
  readonly key: string;
  /** Its length. */
  readonly bytes: number;
}

/** Local path of an object; disposing of it removes a temporary copy. */
export interface PlaceFile extends AsyncDisposable {
  /** Path of the file, to be read only. */
  readonly path: string;
}

/** Options of {@linkcode Place.get}. */
export interface GetOptions extends ReadOptions {
  /** Longest object to read. */
  readonly maxBytes: number;
}

/** Options of {@linkcode Place.putFile}. */
export interface PutFileOptions extends ReadOptions {
  /**
   * Whether the object may be the file itself under another name: the disk holds all
   * of it, and it never changes.
   *
   * @default {false}
   */
  readonly isFinal?: boolean;
}

/** Outcome of storing an object: `"exists"` if its name was taken before. */
export type Stored = "stored" | "exists";

/**
 * Holds whole objects by name: a folder, or a prefix in an S3-compatible store.
 *
 * An object appears whole or not at all, and is never replaced. Many processes on
 * many machines may use one place at once. A key is a relative path divided by
 * `/`; its parts consist of letters, digits, `.`, `_` and `-`, and begin with a
 * letter or digit.
 *
 * Every method throws a `RangeError` for another key, a `CredentialError` if
 * access is refused, and a `DownloadError` if the server fails for good.
 */
export interface Place {
  /** Path, or `s3://bucket/prefix`, as errors name it. */
  readonly name: string;

  /** Local folder of the objects; a store has none. */
  readonly folder?: string;

  /**
   * Reads a small object; undefined if there is none.
   *
   * @throws {LimitError} If it is longer than `maxBytes`.
   */
  get(key: string, options: GetOptions): Promise<Uint8Array | undefined>;

  /** Length of an object in bytes; undefined if there is none. */
  sizeOf(key: string, options?: ReadOptions): Promise<number | undefined>;

  /**
   * Stores bytes unless an object has the name: of many callers exactly one gets
   * `"stored"`.
   *
   * @throws {OutputError} If the folder cannot be written.
   */
  put(key: string, bytes: Uint8Array, options?: ReadOptions): Promise<Stored>;

  /**
   * Stores a local file of any size, as {@linkcode Place.put} does, in bounded
   * memory. The file must not change meanwhile.
   *
   * @throws {OutputError} If the folder cannot be written.
   */
  putFile(
    key: string,
    path: string,
    options?: PutFileOptions,
  ): Promise<Stored>;

  /**
   * Makes an object readable as a local file: that of the folder itself, or a
   * temporary copy, written in bounded memory.
   *
   * @throws {DataNotFoundError} If there is none.
   */
  file(key: string, options?: ReadOptions): Promise<PlaceFile>;

  /**
   * Lists the objects whose keys begin with a text, in the order of their keys.
   *
   * @param prefix Text such as `sessions/`; `""` lists all.
   */
  list(prefix: string, options?: ReadOptions): AsyncIterable<PlaceEntry>;

  /** Removes an object if there is one. */
  remove(key: string, options?: ReadOptions): Promise<void>;
}

/** Longest key: S3 allows 1024 bytes with the prefix. */
const LONGEST = 512;
const PART = "[A-Za-z0-9][A-Za-z0-9._-]*";
const KEY = new RegExp(`^${PART}(/${PART})*$`);

/** Whether a text is the name of an object. */
export function isKey(key: string): boolean {
  return key.length <= LONGEST && KEY.test(key);
}

/**
 * Refuses a key that is none, so that no name leads out of the place.
 *
 * @throws {RangeError} If it is no relative path of plain parts.
 */
export function checkKey(key: string): void {
  if (isKey(key)) return;
  throw new RangeError(
    `Cannot use place: key is ${JSON.stringify(key)}, expected parts of ` +
      `letters, digits, ".", "_" and "-" divided by "/"`,
  );
}

/**
 * Refuses a prefix whose folders are no key.
 *
 * @throws {RangeError} As {@linkcode checkKey}.
 */
export function checkPrefix(prefix: string): void {
  const slash = prefix.lastIndexOf("/");
  if (slash >= 0) checkKey(prefix.slice(0, slash));
}
