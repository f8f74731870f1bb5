import {
  checkDataFile,
  type DataFile,
  dataPath,
} from "../../publishers/data_path.ts";
import { dirname, join } from "../../base/path.ts";
import { DataNotFoundError } from "../../errors.ts";
import {
  addressInFolder,
  isAddress,
  isFolderAddress,
  shownName,
} from "../../http/address.ts";
import { openHttpZip, openZip, zipArchive } from "../../archive/zip/zip.ts";
import { findPath } from "../../archive/bytes/byte_source.ts";
import { blobName, blobSource } from "../../archive/bytes/blob_source.ts";
import type { Archive, ArchiveOptions } from "../../archive/archive.ts";
import { openFolder } from "../../archive/folder.ts";
import type { SourceWarnings } from "../shared/warnings.ts";
import { checkPassedOver } from "./_passed_over.ts";
import { mount, type MountPart } from "../../archive/mount.ts";

/** CRCNS AC1 as a source takes it: one path, address or zip, or several zips. */
export type Ac1Data = DataFile | readonly Blob[];

/**
 * Refuses a `data` that names no release.
 *
 * @param act Action that fails, as it completes "Cannot ...".
 * @returns Looks up the release; reads the environment if `data` is undefined.
 * @throws {TypeError} If it, or an element of a list, is of another type.
 * @throws {RangeError} If a list is empty, or an address holds a password.
 */
export function checkAc1Data(
  act: string,
  data: Ac1Data | undefined,
): () => string | readonly Blob[] {
  if (isList(data)) {
    if (data.length === 0) {
      throw new RangeError(
        `Cannot ${act}: data is empty, expected a File or a Blob at least`,
      );
    }
    for (const [index, blob] of data.entries()) {
      if (blob instanceof Blob) continue;
      throw new TypeError(
        `Cannot ${act}: data[${index}] is ${String(blob)}, expected a File ` +
          "or a Blob",
      );
    }
    return () => data;
  }
  checkDataFile(act, data);
  return () =>
    data instanceof Blob
      ? [data]
      : dataPath(data, "crcns-ac1", "CRCNS_AC1_DATA");
}

function isList(data: Ac1Data | undefined): data is readonly Blob[] {
  return Array.isArray(data);
}

/** Unpacked bytes of the members below some folders. */
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

/** Bytes of the files in each folder, without those in folders below it. */
export function bytesByFolder(
  { members }: Archive,
): ReadonlyMap<string, number> {
  const totals = new Map<string, number>();
  for (const { path, size } of members) {
    const folder = dirname(path);
    totals.set(folder, (totals.get(folder) ?? 0) + size);
  }
  return totals;
}

const ACT = "find CRCNS AC1";

/** Folders at the top of the release's tree, by the zip that holds them. */
const ROOTS: Readonly<Record<string, readonly string[]>> = {
  "crcns-ac1": ["wehr", "asari"],
  "crcns-ac1-asari-results-1": ["asari-results-1"],
  "crcns-ac1-asari-results-2": ["asari-results-2"],
};

/**
 * Opens the parts of CRCNS AC1 that are there as one tree with `wehr/`, `asari/`,
 * `asari-results-1/` and `asari-results-2/` at its top.
 *
 * @param data One of the zips, or a folder that holds the zips, the folders
 * extracted from them (with or without a folder named as the zip around them),
 * or some of each. A zip takes precedence over its folder because it is checked
 * by CRC. Or the address of one of the zips, or of a folder, ending with `/`,
 * with the zips. Or the zips themselves.
 * @param warnings Takes a warning for each folder that an archive has twice.
 * @throws {DataNotFoundError} If no part is there.
 * @throws {ArchiveError} If the directory of a zip is damaged, also in the names
 * of files that are no part of the release.
 */
export async function openAc1Release(
  data: string | readonly Blob[],
  warnings: SourceWarnings,
  options: ArchiveOptions = {},
): Promise<Archive> {
  const name = typeof data === "string"
    ? shownName(data)
    : data.map(blobName).join(", ");
  const archives = await openArchives(data, options);
  const parts = archives.flatMap((archive) =>
    Object.values(ROOTS).flat().flatMap((root) =>
      partsAt(root, archive, warnings)
    )
  );
  await checkPassedOver(archives, parts, options);
  if (parts.length === 0) throw await notFoundError(data, name);
  return mount(parts, name);
}

async function openArchives(
  data: string | readonly Blob[],
  options: ArchiveOptions,
): Promise<Archive[]> {
  if (typeof data !== "string") {
    const zips = data.map((blob) => zipArchive(blobSource(blob), options));
    return await Promise.all(zips);
  }
  if (isAddress(data)) return await openAddresses(data, options);
  return (await findPath(ACT, data))?.isFile
    ? [await openZip(data, options)]
    : await openParts(data, options);
}

async function openAddresses(
  address: string,
  options: ArchiveOptions,
): Promise<Archive[]> {
  const { HttpSender } = await import("../../publishers/sender.ts");
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
    if ((await findPath(ACT, zip))?.isFile) {
      archives.push(await openZip(zip, options));
      continue;
    }
    for (const folder of folders) {
      if ((await findPath(ACT, folder))?.isDirectory) {
        archives.push(await openFolder(folder, options));
      }
    }
  }
  return archives;
}

function partsAt(
  root: string,
  archive: Archive,
  warnings: SourceWarnings,
): MountPart[] {
  const folder = archive.name.split(/[/\\]/).pop();
  if (folder === root) return [{ at: root, archive }];
  // Some tools put everything into one more folder when they extract.
  const pattern = new RegExp(`^((?:[^/]+/)?${root})/`);
  const found = new Set(
    archive.members.flatMap(({ path }) => pattern.exec(path)?.[1] ?? []),
  );
  const [from, ...others] = found;
  if (from === undefined) return [];
  for (const other of others) {
    warnings.warn(
      "duplicate-folder",
      { archive: archive.name, member: other },
      `${from} is read, and this folder of the same name is not`,
    );
  }
  return [{ at: root, archive, from }];
}

async function notFoundError(
  data: string | readonly Blob[],
  archive: string,
): Promise<DataNotFoundError> {
  const isNowhere = typeof data === "string" && !isAddress(data) &&
    await findPath(ACT, data) === null;
  const reason = isNowhere ? "nothing is there, " : "";
  return new DataNotFoundError(
    `Cannot ${ACT}: ${reason}expected crcns-ac1.zip or the folder ` +
      "extracted from it; the data needs a free account at crcns.org",
    { archive },
  );
}
