import { resolve } from "../_path.ts";

/**
 * A file that is written as `<path>.part` and gets its name when it is whole,
 * so that nothing under the name is ever a part.
 */
export class PartFile implements Disposable {
  readonly path: string;
  readonly #part: string;
  readonly #file: Deno.FsFile;
  #open = true;

  private constructor(path: string, part: string, file: Deno.FsFile) {
    this.path = path;
    this.#part = part;
    this.#file = file;
  }

  /** Starts the file; one that exists keeps its content until the end. */
  static async create(path: string): Promise<PartFile> {
    const part = `${path}.part`;
    const file = await Deno.open(part, {
      write: true,
      create: true,
      truncate: true,
    });
    return new PartFile(resolve(path), resolve(part), file);
  }

  /** Appends all of the bytes. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      at += await this.#file.write(bytes.subarray(at));
    }
  }

  /** Gives the whole file its name. */
  async commit(): Promise<void> {
    await this.#file.syncData();
    this.#open = false;
    this.#file.close();
    await Deno.rename(this.#part, this.path);
  }

  /** Removes what was not committed. */
  [Symbol.dispose](): void {
    if (!this.#open) return;
    this.#open = false;
    this.#file.close();
    Deno.removeSync(this.#part);
  }
}
