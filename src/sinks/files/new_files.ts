import { OutputError } from "../../errors.ts";
import {
  type FileInfo,
  isNotFound,
  list,
  lstatSync,
  makeFolder,
  makeNewFolder,
  open,
  readBytes,
  remove,
} from "../../platform/files.ts";
import { crc32 } from "../../platform/zlib.ts";
import { damagedError, type Extent } from "./append_file.ts";

/** File in a folder that is being written. */
export interface StoredFile extends Extent {
  /** Path in the folder, with a leading `/`. */
  readonly path: string;
}

/** Most files that wait for the disk at once, each open. */
const MOST_OPEN = 64;

/** Folder in which each file is written once, as a whole. */
export class NewFiles {
  readonly #folder: string;
  readonly #own: FileInfo;
  readonly #syncing = new Set<Promise<void>>();
  #added: StoredFile[] = [];
  #failure: { readonly error: unknown } | undefined;
  #bytes: number;

  private constructor(folder: string, own: FileInfo, bytes: number) {
    this.#folder = folder;
    this.#own = own;
    this.#bytes = bytes;
  }

  /**
   * Makes the folder, or continues the one of an earlier run: what that run wrote
   * last, and did not list any more, is removed.
   *
   * @param listed Files of the earlier run; none makes a new folder.
   * @throws {OutputError} If one is gone or has other bytes.
   */
  static async open(
    folder: string,
    listed: readonly StoredFile[],
  ): Promise<NewFiles> {
    if (listed.length === 0) await makeNewFolder(folder);
    for (const file of listed) await checkIntact(folder, file);
    await removeUnlisted(folder, new Set(listed.map(({ path }) => path)));
    const bytes = listed.reduce((sum, { size }) => sum + size, 0);
    return new NewFiles(folder, lstatSync(folder), bytes);
  }

  /** Files that the disk takes in, each open; undefined if there are none. */
  get pending(): Promise<unknown> | undefined {
    return this.#syncing.size > 0 ? Promise.all(this.#syncing) : undefined;
  }

  /** Number of bytes of all files. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Writes a file; the disk takes it in while others are written. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    this.#checkFolder();
    const whole = this.#folder + path;
    await makeFolder(whole.slice(0, whole.lastIndexOf("/")));
    const file = await open(whole, { write: true, createNew: true });
    try {
      for (let at = 0; at < bytes.length;) {
        at += await file.write(bytes.subarray(at));
      }
    } catch (error) {
      file.close();
      throw error;
    }
    this.#added.push({ path, size: bytes.length, crc32: crc32(bytes) });
    this.#bytes += bytes.length;
    const syncing = file.syncData()
      .catch((error) => void (this.#failure ??= { error }))
      .finally(() => {
        file.close();
        this.#syncing.delete(syncing);
      });
    this.#syncing.add(syncing);
    if (this.#syncing.size === MOST_OPEN) await Promise.race(this.#syncing);
  }

  /** Waits for the disk, and lists the files written since the last call. */
  async takeAdded(): Promise<readonly StoredFile[]> {
    await this.pending;
    if (this.#failure) throw this.#failure.error;
    const added = this.#added;
    this.#added = [];
    checkPresent(this.#folder, added);
    return added;
  }

  #checkFolder(): void {
    const { ino, dev } = infoOf(this.#folder) ?? {};
    if (ino === this.#own.ino && dev === this.#own.dev) return;
    throw changedError(this.#folder);
  }
}

/**
 * Checks that files which this run wrote are still there.
 *
 * @throws {OutputError} If one is gone, or has another size.
 */
export function checkPresent(
  folder: string,
  files: readonly StoredFile[],
): void {
  for (const { path, size } of files) {
    const found = infoOf(folder + path);
    if (found?.isFile && found.size === size) continue;
    throw changedError(folder + path);
  }
}

function changedError(path: string): OutputError {
  return new OutputError(
    "Cannot write file: another program removed or changed it meanwhile",
    { path },
  );
}

async function checkIntact(
  folder: string,
  { path, size, crc32: sum }: StoredFile,
): Promise<void> {
  const whole = folder + path;
  const found = infoOf(whole);
  if (!found?.isFile) throw damagedError(whole, "a file is missing");
  if (found.size !== size) {
    throw damagedError(whole, `${found.size} bytes are left of ${size}`);
  }
  if (crc32(await readBytes(whole)) !== sum) throw damagedError(whole);
}

/** Removes what is not listed, and folders without a listed file. */
async function removeUnlisted(
  folder: string,
  listed: ReadonlySet<string>,
): Promise<void> {
  const folders = new Set([""]);
  for (const path of listed) {
    for (
      let at = path.indexOf("/", 1);
      at > 0;
      at = path.indexOf("/", at + 1)
    ) {
      folders.add(path.slice(0, at));
    }
  }
  for (const inner of folders) {
    for await (const { name, isDirectory } of list(folder + inner)) {
      const path = `${inner}/${name}`;
      if (isDirectory ? folders.has(path) : listed.has(path)) continue;
      await remove(folder + path, { recursive: true });
    }
  }
}

/** Describes what is at a path, a link itself; undefined where nothing is. */
function infoOf(path: string): FileInfo | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
