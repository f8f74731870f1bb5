import {
  isNotFound,
  lstatSync,
  removeIfThere,
  renameSync,
} from "../../platform/files.ts";
import { SPILLS } from "./file_format.ts";

/** Paths of a file, or a folder, while it is being written. */
export class PartFiles {
  /** Final path. */
  readonly path: string;
  /** Path of the incomplete file. */
  readonly part: string;
  /** Path of the journal. */
  readonly journal: string;
  /** Path where an existing folder waits while the new one takes its name. */
  readonly #aside: string;

  constructor(path: string) {
    this.path = path;
    this.part = `${path}.part`;
    this.journal = `${path}.part.journal`;
    this.#aside = `${path}.part.old`;
  }

  /** Whether there is a part to resume. */
  isBegun(): boolean {
    return kindOf(this.part) !== undefined;
  }

  /** Whether the final path is in use; an empty file does not count. */
  isUsed(): boolean {
    return (kindOf(this.path) ?? kindOf(this.#aside) ?? "empty") !== "empty";
  }

  /** Moves an old folder back, after a run was killed while replacing it. */
  restore(): void {
    if (kindOf(this.#aside) === undefined) return;
    if (kindOf(this.path) !== undefined) remove(this.#aside);
    else renameSync(this.#aside, this.path);
  }

  /**
   * Renames the part to the final path. A folder cannot replace anything in one
   * step, nor can a file replace a folder: the old one is then moved aside first.
   */
  replace(): void {
    const old = kindOf(this.path);
    const isOneStep = old === undefined ||
      (old !== "folder" && kindOf(this.part) !== "folder");
    if (isOneStep) return renameSync(this.part, this.path);
    renameSync(this.path, this.#aside);
    try {
      renameSync(this.part, this.path);
    } catch (error) {
      renameSync(this.#aside, this.path);
      throw error;
    }
  }

  /** Removes the part and the temporary files of an earlier run, of any format. */
  clear(): void {
    for (const spill of SPILLS) remove(this.part + spill);
    remove(this.part);
  }

  /** Removes everything but the final file. */
  remove(): void {
    this.clear();
    this.restore();
    remove(this.journal);
  }
}

/** Links are not followed: they are replaced and removed themselves. */
function kindOf(path: string): "empty" | "file" | "folder" | undefined {
  try {
    const { isDirectory, size } = lstatSync(path);
    if (isDirectory) return "folder";
    return size === 0 ? "empty" : "file";
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function remove(path: string): void {
  removeIfThere(path, { recursive: true });
}
