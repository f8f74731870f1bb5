import { type Entry, Uint8ArrayReader, ZipReader } from "@zip-js/zip-js";
import { assert } from "../support/assert.ts";

/** File in a zip. */
export interface ZipMember {
  readonly name: string;
  /** Number of the compression method. */
  readonly method: number;
  readonly bytes: Uint8Array;
}

/** Temporary folder of a release; disposing of it removes it. */
export class ReleaseFolder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  static async make(): Promise<ReleaseFolder> {
    return new ReleaseFolder(await Deno.makeTempDir());
  }

  /** Names of the files, sorted. */
  async list(): Promise<string[]> {
    const entries = await Array.fromAsync(Deno.readDir(this.path));
    return entries.map(({ name }) => name).sort();
  }

  read(file: string): Promise<Uint8Array> {
    return Deno.readFile(`${this.path}/${file}`);
  }

  /** Files of a zip, checked by CRC. */
  async members(zip: string): Promise<ZipMember[]> {
    const members: ZipMember[] = [];
    for (const entry of await this.#entries(zip)) {
      if (entry.directory) continue;
      members.push({
        name: entry.filename,
        method: entry.compressionMethod,
        bytes: new Uint8Array(await entry.arrayBuffer()),
      });
    }
    return members;
  }

  /** Names of the folders in a zip. */
  async folders(zip: string): Promise<string[]> {
    return (await this.#entries(zip)).filter(({ directory }) => directory)
      .map(({ filename }) => filename);
  }

  async #entries(zip: string): Promise<Entry[]> {
    const bytes = new Uint8ArrayReader(await this.read(zip));
    const options = { useWebWorkers: false, checkSignature: true };
    return await new ZipReader(bytes, options).getEntries();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** Whether two files have the same bytes; a missing one differs. */
export function sameBytes(a?: Uint8Array, b?: Uint8Array): boolean {
  return a !== undefined && a.length === b?.length &&
    a.every((byte, i) => byte === b[i]);
}

/**
 * Asserts that a release depends on seed and scale alone.
 *
 * @param write Writes a release to a folder.
 * @param files Names of its files.
 */
export async function assertSeeded(
  write: (folder: string, options: { seed: number; scale?: number }) => unknown,
  files: readonly string[],
): Promise<void> {
  await using first = await ReleaseFolder.make();
  await using second = await ReleaseFolder.make();
  await using other = await ReleaseFolder.make();
  await write(first.path, { seed: 5 });
  await write(second.path, { seed: 5, scale: 2 });
  await write(other.path, { seed: 6 });
  for (const file of files) {
    const bytes = await first.read(file);
    assert(sameBytes(bytes, await second.read(file)), `${file} differs`);
    assert(!sameBytes(bytes, await other.read(file)), `${file} is the same`);
  }
}
