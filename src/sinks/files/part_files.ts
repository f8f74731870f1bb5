import {
  isNotFound,
  lstatSync,
  removeIfThere,
  renameSync,
  statIfThere,
} from "../../platform/files.ts";
import { OutputError } from "../../errors.ts";
import { partPath } from "../../base/part_file.ts";
import { SPILLS } from "./file_format.ts";
import { isZarrOutput } from "./zarr_folder.ts";

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
    this.part = partPath(path);
    this.journal = `${this.part}.journal`;
    this.#aside = `${this.part}.old`;
  }

  /** Whether there is a part to resume. */
  isBegun(): boolean {
    return kindOf(this.part) !== undefined;
  }

  /** Whether there is a file or a folder at the final path, and no part. */
  isComplete(): boolean {
    const kind = kindOf(this.path);
    return !this.isBegun() && (kind === "file" || kind === "folder");
  }

  /** Whether there is a journal. */
  hasJournal(): boolean {
    return kindOf(this.journal) !== undefined;
  }

  /**
   * Refuses a final path that must not be replaced: one that is in use unless it
   * may be overwritten, and in any case a device, a pipe, a socket, or a folder
   * that no sink wrote. An empty file counts as free.
   *
   * @param act Completes "Cannot ...".
   * @throws {OutputError} If the path must not be replaced.
   */
  async checkTarget(act: string, overwrite: boolean): Promise<void> {
    const { path } = this;
    const kind = kindOf(path);
    const target = kind === "link" ? await kindBehind(path) : kind;
    if (target === "other") {
      throw new OutputError(
        `Cannot ${act}: it is a device, a pipe or a socket, expected a file; ` +
          "toNdjson takes a stream",
        { path },
      );
    }
    const found = kind ?? kindOf(this.#aside) ?? "empty";
    if (found !== "empty" && !overwrite) {
      throw new OutputError(
        `Cannot ${act}: it exists, expected another path or overwrite: true`,
        { path },
      );
    }
    if (kind !== "folder" || await isZarrOutput(path)) return;
    throw new OutputError(
      `Cannot ${act}: it is a folder that no sink wrote, expected another path`,
      { path },
    );
  }

  /**
   * Refuses files under the names of the part that no sink wrote.
   *
   * @throws {OutputError} If there is one.
   */
  checkUnused(act: string): void {
    const spills = SPILLS.map((spill) => this.part + spill);
    for (const path of [this.part, ...spills, this.#aside]) {
      if (kindOf(path) !== undefined) throw inTheWayError(act, path);
    }
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

/** Error for a file in the place of a sink's own that no sink wrote. */
export function inTheWayError(act: string, path: string): OutputError {
  return new OutputError(
    `Cannot ${act}: a file is in the way that no sink wrote, expected another ` +
      "path or the file removed",
    { path },
  );
}

type Kind = "empty" | "file" | "folder" | "link" | "other";

/** Links are not followed: they are replaced and removed themselves. */
function kindOf(path: string): Kind | undefined {
  try {
    return kindIn(lstatSync(path));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Kind of what a link leads to. */
async function kindBehind(link: string): Promise<Kind | undefined> {
  const found = await statIfThere(link);
  return found === null ? undefined : kindIn(found);
}

function kindIn(
  { isDirectory, isFile, isSymlink, size }: ReturnType<typeof lstatSync>,
): Kind {
  if (isDirectory) return "folder";
  if (isSymlink) return "link";
  if (!isFile) return "other";
  return size === 0 ? "empty" : "file";
}

function remove(path: string): void {
  removeIfThere(path, { recursive: true });
}
