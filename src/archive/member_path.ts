import type { Limits } from "../base/limits.ts";

const NOT_ASCII = /[^ -~]/;

/**
 * Paths of an archive, as a file system compares them that ignores case and the
 * ways in which Unicode spells a letter.
 */
export class FoldedPaths {
  /** Paths of files as spelled, by folded path. */
  readonly #files = new Map<string, string>();
  readonly #folders = new Set<string>();

  /**
   * Adds a path.
   *
   * @returns Reason to refuse it: another file or folder has it.
   */
  add(path: string, isFolder: boolean): string | undefined {
    const folded = foldedPath(path);
    if (!isFolder) {
      const namesake = this.#files.get(folded);
      if (namesake === path) return "another file has its path";
      if (namesake !== undefined) return `its path is that of "${namesake}"`;
      if (this.#folders.has(folded)) return "a folder has its path";
    }
    const folder = isFolder ? folded : folderOf(folded);
    // The folders above a known folder were checked with it.
    if (folder !== "" && !this.#folders.has(folder)) {
      const folders = [...foldersAbove(folder), folder];
      if (folders.some((path) => this.#files.has(path))) {
        return "another file has the path of its folder";
      }
      for (const path of folders) this.#folders.add(path);
    }
    if (!isFolder) this.#files.set(folded, path);
    return undefined;
  }
}

function foldedPath(path: string): string {
  if (!NOT_ASCII.test(path)) return path.toLowerCase();
  return path.normalize("NFD").toUpperCase().toLowerCase().normalize("NFC");
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** `a`, `a/b` for `a/b/c`. */
function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (
    let end = path.indexOf("/");
    end >= 0;
    end = path.indexOf("/", end + 1)
  ) {
    folders.push(path.slice(0, end));
  }
  return folders;
}

const DRIVE_LETTER = /^[a-zA-Z]:/;
const ODD_PART = /(?:^|\/)(\.{0,2})(?:\/|$)/;

/**
 * Checks that a path cannot lead outside the archive, and has one spelling only.
 *
 * @param path Path of a file, parts divided by `/`.
 * @returns Reason to refuse the path, undefined if there is none.
 */
export function pathFault(path: string): string | undefined {
  if (path === "") return "its path is empty";
  if (path.includes("\0")) return "its path has a NUL";
  if (path.includes("\\")) return "its path has a back-slash";
  if (path.startsWith("/")) return "its path is absolute";
  if (DRIVE_LETTER.test(path)) return "its path names a drive";
  const odd = ODD_PART.exec(path);
  return odd === null ? undefined : `its path has the part "${odd[1]}"`;
}

/**
 * Checks a path against the limits.
 *
 * @returns Reason and limit, undefined if it exceeds none.
 */
export function pathExcess(
  path: string,
  limits: Limits,
): [why: string, name: keyof Limits] | undefined {
  if (path.length > limits.pathLength) {
    return [`a path has ${path.length} characters`, "pathLength"];
  }
  if (path.length <= limits.nesting) return undefined;
  const folders = path.split("/").length - 1;
  if (folders <= limits.nesting) return undefined;
  return [`a path has ${folders} folders`, "nesting"];
}
