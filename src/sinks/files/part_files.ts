import { removeIfThere } from "../../platform/files.ts";
import { SPILLS } from "./file_format.ts";

/** The names under which a file, or a folder, stands while it is written. */
export class PartFiles {
  /** Where it will be. */
  readonly path: string;
  /** Where it grows. */
  readonly part: string;
  /** Where it is noted how far it has come. */
  readonly journal: string;
  /** Where what is replaced by a folder waits until that has its name. */
  readonly #aside: string;

  constructor(path: string) {
    this.path = path;
    this.part = `${path}.part`;
    this.journal = `${path}.part.journal`;
    this.#aside = `${path}.part.old`;
  }

  /** Whether there is something to go on with. */
  isBegun(): boolean {
    return kindOf(this.part) !== undefined;
  }

  /** Whether something has the name, which an empty file does not. */
  isTaken(): boolean {
    return (kindOf(this.path) ?? kindOf(this.#aside) ?? "empty") !== "empty";
  }

  /** Gives what was moved aside its name back, if a run was killed meanwhile. */
  restore(): void {
    if (kindOf(this.#aside) === undefined) return;
    if (kindOf(this.path) !== undefined) remove(this.#aside);
    else Deno.renameSync(this.#aside, this.path);
  }

  /**
   * Gives the part its name. A folder cannot replace anything in one step, nor a
   * file a folder: what is there then is moved aside first.
   */
  replace(): void {
    const old = kindOf(this.path);
    const isOneStep = old === undefined ||
      (old !== "folder" && kindOf(this.part) !== "folder");
    if (isOneStep) return Deno.renameSync(this.part, this.path);
    Deno.renameSync(this.path, this.#aside);
    try {
      Deno.renameSync(this.part, this.path);
    } catch (error) {
      Deno.renameSync(this.#aside, this.path);
      throw error;
    }
  }

  /** Removes what a run before has left, of whatever format. */
  clear(): void {
    for (const spill of SPILLS) remove(this.part + spill);
    remove(this.part);
  }

  /** Removes all but what has the name. */
  remove(): void {
    this.clear();
    this.restore();
    remove(this.journal);
  }
}

/** Links are not followed: they are replaced and removed themselves. */
function kindOf(path: string): "empty" | "file" | "folder" | undefined {
  try {
    const { isDirectory, size } = Deno.lstatSync(path);
    if (isDirectory) return "folder";
    return size === 0 ? "empty" : "file";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function remove(path: string): void {
  removeIfThere(path, { recursive: true });
}
