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
    const above = foldersAbove(folded);
    const namesake = this.#files.get(folded);
    if (isFolder) above.push(folded);
    else if (namesake === path) return "another file has its path";
    else if (namesake !== undefined) return `its path is that of "${namesake}"`;
    else if (this.#folders.has(folded)) return "a folder has its path";
    const inFile = above.find((folder) => this.#files.has(folder));
    if (inFile !== undefined) return "another file has the path of its folder";
    for (const folder of above) this.#folders.add(folder);
    if (!isFolder) this.#files.set(folded, path);
    return undefined;
  }
}

function foldedPath(path: string): string {
  return path.normalize("NFD").toUpperCase().toLowerCase().normalize("NFC");
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
