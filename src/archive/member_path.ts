import type { Limits } from "../base/limits.ts";
const NOT_ASCII = /[^ -~]/;

/**
 * The paths of an archive as a file system sees them that neither tells cases
 * apart nor the ways in which Unicode spells a letter.
 */
export class FoldedPaths {
  /** Files as they are spelled, by the path that counts. */
  readonly #files = new Map<string, string>();
  readonly #folders = new Set<string>();

  /**
   * Takes a path down.
   *
   * @returns The reason to refuse it: it is another file's or another folder's.
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
    // What is above a known folder is known: no file has its path.
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
 * Says why a path could name something outside the archive, or the same thing
 * under two names.
 *
 * @param path Path of a file, parts divided by `/`.
 * @returns The reason to refuse the path, undefined if there is none.
 */
export function pathFault(path: string): string | undefined {
  if (path === "") return "its path is empty";
  if (path.includes("\0")) return "its path holds a NUL";
  if (path.includes("\\")) return "its path holds a back-slash";
  if (path.startsWith("/")) return "its path is absolute";
  if (DRIVE_LETTER.test(path)) return "its path names a drive";
  const odd = ODD_PART.exec(path);
  return odd === null ? undefined : `its path has the part "${odd[1]}"`;
}

/**
 * Says which limit a path exceeds.
 *
 * @returns How it does so and the limit, undefined if there is none.
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
