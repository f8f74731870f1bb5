import { isFile, isFolder } from "../../platform/files.ts";
import { join } from "../../base/path.ts";
import { DataNotFoundError } from "../../errors.ts";
import {
  addressInFolder,
  isAddress,
  isFolderAddress,
  shownName,
} from "../../http/address.ts";
import { HttpSender } from "../../publishers/sender.ts";
import { openHttpZip, openZip } from "../../archive/zip/zip.ts";
import type { Archive, ArchiveOptions } from "../../archive/archive.ts";
import { openFolder } from "../../archive/folder.ts";
import { mount } from "../../archive/mount.ts";

/** What the members below some folders take, unpacked. */
export function bytesBelow(
  { members }: Archive,
  folders: readonly string[],
): number {
  let total = 0;
  for (const { path, size } of members) {
    if (folders.some((folder) => path.startsWith(folder))) total += size;
  }
  return total;
}

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
 * or some of each. A zip is preferred to its folder: it is checked by CRC. Or
 * the address of one of the zips, or of a folder, ending with `/`, with the zips.
 */
export async function openAc1Release(
  path: string,
  options: ArchiveOptions = {},
): Promise<Archive> {
  const name = shownName(path);
  const archives = isAddress(path)
    ? await openAddresses(path, options)
    : await isFile(path)
    ? [await openZip(path, options)]
    : await openParts(path, options);
  const parts = archives.flatMap((archive) =>
    Object.values(ROOTS).flat().flatMap((root) => partsAt(root, archive))
  );
  if (parts.length === 0) throw missing(name);
  return mount(parts, name);
}

async function openAddresses(
  address: string,
  options: ArchiveOptions,
): Promise<Archive[]> {
  const sender = new HttpSender();
  const open = async (zip: string): Promise<Archive> =>
    (await openHttpZip(zip, { ...options, sender })).archive;
  if (!isFolderAddress(address)) return [await open(address)];
  const archives: Archive[] = [];
  for (const name of Object.keys(ROOTS)) {
    try {
      archives.push(await open(addressInFolder(address, `${name}.zip`)));
    } catch (error) {
      if (!(error instanceof DataNotFoundError)) throw error;
    }
  }
  return archives;
}

async function openParts(
  path: string,
  options: ArchiveOptions,
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
