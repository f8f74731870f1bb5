import { stat } from "../../platform/files.ts";
import { basename, dirname, join, resolve } from "../../base/path.ts";
import { DataNotFoundError } from "../../errors.ts";
import type { Archive, ArchiveOptions } from "../../archive/archive.ts";
import { blobSource } from "../../archive/bytes/blob_source.ts";
import { findPath } from "../../archive/bytes/byte_source.ts";
import { openFolder } from "../../archive/folder.ts";
import { openHttpZip, openZip, zipArchive } from "../../archive/zip/zip.ts";
import {
  addressInFolder,
  isAddress,
  isFolderAddress,
} from "../../http/address.ts";

const ACT = "find the recordings";

/** One recording of the release: a tarball, or a folder extracted from it. */
export interface StoredRecording {
  /** Name of the tarball or of the folder. */
  readonly name: string;
  /** Path of the tarball or of the folder in the archive. */
  readonly path: string;
  /** Whether it is a tarball. */
  readonly isTarball: boolean;
  /** Changes with its bytes; null if nothing shows a change. */
  readonly stamp: string | null;
}

/** Recordings of a release, and the archive that holds them. */
export interface WingertRelease {
  readonly archive: Archive;
  /** Tarballs first, each kind in code-unit order. */
  readonly recordings: readonly StoredRecording[];
  /** Absolute path or address of the archive; of a blob its name. */
  readonly path: string;
}

/**
 * Finds the recordings: `recordings.zip`, or a folder of tarballs, or what was
 * extracted from them. No recording is opened.
 *
 * @param data Such a zip, or the folder that holds it, or `recordings/`, or a
 * folder with the tarballs themselves. A zip takes precedence over a folder
 * because it is checked by CRC. Or the address of such a zip, or of a folder,
 * ending with `/`, that holds it. Or the zip as a blob.
 * @throws {DataNotFoundError} If there is no recording.
 */
export async function openWingertRelease(
  data: string | Blob,
  options: ArchiveOptions = {},
): Promise<WingertRelease> {
  if (data instanceof Blob) {
    const archive = await zipArchive(blobSource(data), options);
    return zipRelease(archive, null, archive.name);
  }
  if (isAddress(data)) return await addressRelease(data, options);
  const isZip = (await findPath(ACT, data))?.isFile ?? false;
  const zip = isZip ? data : join(data, "recordings.zip");
  if ((await findPath(ACT, zip))?.isFile) {
    const archive = await openZip(zip, options);
    return zipRelease(archive, await stampOf(zip), resolve(zip));
  }
  return await folderRelease(data, options);
}

async function folderRelease(
  path: string,
  options: ArchiveOptions,
): Promise<WingertRelease> {
  const inner = join(path, "recordings");
  const isInner = (await findPath(ACT, inner))?.isDirectory ?? false;
  const folder = isInner ? inner : path;
  const archive = await openFolder(folder, options);
  const recordings = [
    ...await folderTarballs(archive, folder),
    ...extractedFolders(archive),
  ];
  if (recordings.length === 0) {
    throw new DataNotFoundError(
      "Cannot find the recordings: expected recordings.zip, or a folder " +
        "recordings/ with its tarballs",
      { archive: path },
    );
  }
  return { archive, recordings, path: resolve(folder) };
}

async function addressRelease(
  address: string,
  options: ArchiveOptions,
): Promise<WingertRelease> {
  const zip = isFolderAddress(address)
    ? addressInFolder(address, "recordings.zip")
    : address;
  const { HttpSender } = await import("../../publishers/sender.ts");
  const { archive, stamp } = await openHttpZip(zip, {
    ...options,
    sender: new HttpSender(),
  });
  return zipRelease(archive, stamp, archive.name);
}

function zipRelease(
  archive: Archive,
  stamp: string | null,
  path: string,
): WingertRelease {
  const recordings = archive.members
    .filter(({ path }) => /^recordings\/[^/.][^/]*\.tgz$/.test(path))
    .map(({ path }) => ({
      name: basename(path),
      path,
      isTarball: true,
      stamp,
    }));
  if (recordings.length === 0) {
    throw new DataNotFoundError(
      "Cannot find the recordings: expected recordings/*.tgz in the zip",
      { archive: archive.name },
    );
  }
  return { archive, recordings: recordings.sort(byPath), path };
}

async function folderTarballs(
  archive: Archive,
  folder: string,
): Promise<StoredRecording[]> {
  const tarballs = archive.members.filter(({ path }) =>
    /^[^/.][^/]*\.tgz$/.test(path)
  );
  const recordings: StoredRecording[] = [];
  for (const { path } of tarballs) {
    const stamp = await stampOf(join(folder, path));
    recordings.push({ name: path, path, isTarball: true, stamp });
  }
  return recordings;
}

/** Folders that hold the files of a recording, extracted from its tarball. */
function extractedFolders(archive: Archive): StoredRecording[] {
  const folders = new Set(
    archive.members
      .filter(({ path }) => /\/[^/.][^/]*\.resp\.json$/.test(path))
      .map(({ path }) => dirname(path)),
  );
  return [...folders].map((path) => ({
    name: basename(path),
    path,
    isTarball: false,
    stamp: null,
  })).sort(byPath);
}

function byPath(a: StoredRecording, b: StoredRecording): number {
  return a.path < b.path ? -1 : 1;
}

async function stampOf(file: string): Promise<string | null> {
  const { size, mtime } = await stat(file);
  return mtime && `${size} bytes, ${mtime.toISOString()}`;
}
