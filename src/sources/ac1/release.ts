import { isFile, isFolder } from "../_path_kind.ts";
import { join } from "../../_path.ts";
import { DataNotFoundError } from "../../errors.ts";
import type { ReadOptions } from "../../session.ts";
import type { Archive } from "../archive/archive.ts";
import { openFolder } from "../archive/folder.ts";
import { mount } from "../archive/mount.ts";
import { openZip } from "../archive/zip.ts";

/** The folders at the top of the release's tree, by the zip that holds them. */
const ROOTS: Readonly<Record<string, readonly string[]>> = {
  "crcns-ac1": ["wehr", "asari"],
  "crcns-ac1-asari-results-1": ["asari-results-1"],
  "crcns-ac1-asari-results-2": ["asari-results-2"],
};

/**
 * Opens what there is of CRCNS AC1 as one tree with `wehr/`, `asari/`,
 * `asari-results-1/` and `asari-results-2/` at its top.
 *
 * @param path One of the zips, or a folder that holds the zips, the folders
 * extracted from them (with or without a folder named as the zip around them),
 * or some of each. A zip is preferred to its folder: it is checked by CRC.
 */
export async function openAc1Release(
  path: string,
  options: ReadOptions = {},
): Promise<Archive> {
  const archives = await isFile(path)
    ? [await openZip(path, options)]
    : await openParts(path, options);
  const parts = archives.flatMap((archive) =>
    Object.values(ROOTS).flat().flatMap((root) => partsAt(root, archive))
  );
  if (parts.length === 0) throw missing(path);
  return mount(parts, path);
}

async function openParts(
  path: string,
  options: ReadOptions,
): Promise<Archive[]> {
  const archives: Archive[] = [];
  for (const [name, roots] of Object.entries(ROOTS)) {
    const zip = join(path, `${name}.zip`);
    const folders = [
      join(path, name),
      ...roots.map((root) => join(path, root)),
    ];
    if (await isFile(zip)) {
      archives.push(await openZip(zip, options));
      continue;
    }
    for (const folder of folders) {
      if (await isFolder(folder)) {
        archives.push(await openFolder(folder, options));
      }
    }
  }
  return archives;
}

type Part = Parameters<typeof mount>[0][number];

function partsAt(root: string, archive: Archive): Part[] {
  const folder = archive.name.split(/[/\\]/).pop();
  if (folder === root) return [{ at: root, archive }];
  // Some tools put everything into one more folder when they extract.
  const pattern = new RegExp(`^((?:[^/]+/)?${root})/`);
  for (const { path } of archive.members) {
    const match = pattern.exec(path);
    if (match) return [{ at: root, archive, from: match[1] }];
  }
  return [];
}

function missing(path: string): DataNotFoundError {
  return new DataNotFoundError(
    "Cannot find CRCNS AC1: expected crcns-ac1.zip or the folder extracted " +
      "from it; the data needs a free account at crcns.org",
    { archive: path },
  );
}
