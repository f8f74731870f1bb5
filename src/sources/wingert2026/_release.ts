import { isFile, isFolder } from "../../platform/files.ts";
import { basename, dirname, join, resolve } from "../../base/path.ts";
import { DataNotFoundError } from "../../errors.ts";
import type { ReadOptions } from "../../session.ts";
import type { Archive, ArchiveOptions } from "../../archive/archive.ts";
import {
  addressBeside,
  addressInFolder,
  isAddress,
  isFolderAddress,
} from "../../http/address.ts";
import {
  type ByteSource,
  fileSource,
  statPath,
} from "../../archive/bytes/byte_source.ts";
import { openFolder } from "../../archive/folder.ts";
import { HttpSender } from "../../publishers/sender.ts";
import { openHttpSource } from "../../archive/bytes/http_source.ts";
import { openHttpZip, openZip } from "../../archive/zip/zip.ts";
import { pullStream } from "../../archive/bytes/pull_stream.ts";

/** Bytes of the cell list per read. */
const PIECE = 1 << 18;

/** One recorded site of the release: a tarball, or what was extracted from it. */
export interface StoredRecording {
  /** Its own name: of the tarball, or of the folder. */
  readonly name: string;
  /** Path of the tarball, or of the folder, in the archive. */
  readonly path: string;
  /** Whether it is a tarball. */
  readonly isTarball: boolean;
  /** Changes when its bytes do; null where nothing tells. */
  readonly stamp: string | null;
}

/** Where the recordings of a release are. */
export interface WingertRelease {
  readonly archive: Archive;
  /** Tarballs first, each kind in code-unit order. */
  readonly units: readonly StoredRecording[];
  /** Absolute path, or address, of what holds them. */
  readonly path: string;
}

/** Path or address of the cell list that belongs to `path`. */
export async function cellListPath(
  path: string,
  options: ReadOptions = {},
): Promise<string> {
  if (isAddress(path)) {
    return isFolderAddress(path)
      ? addressInFolder(path, "cell_list.csv")
      : addressBeside(path, "cell_list.csv");
  }
  const { isFile } = await statPath("find the recordings", path, options);
  return join(isFile ? dirname(path) : path, "cell_list.csv");
}

/** The cell list, read as it is asked for; a stream that is left is closed. */
export async function openCellList(
  path: string,
  options: ReadOptions = {},
): Promise<ReadableStream<Uint8Array>> {
  const source = isAddress(path)
    ? await openHttpSource(path, { ...options, sender: new HttpSender() })
    : fileSource(path, (await statPath("read cell list", path, options)).size);
  source.expect?.([{ offset: 0, length: source.size }]);
  return pullStream((signal) => filePieces(source, { signal }), options);
}

async function* filePieces(
  source: ByteSource,
  options: ReadOptions,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.size; at += PIECE) {
    const length = Math.min(PIECE, source.size - at);
    yield await source.read(at, length, options);
  }
}

/**
 * Finds the recordings: `recordings.zip`, or a folder of tarballs, or what was
 * extracted from them. No recording is opened.
 *
 * @param path Such a zip, or the folder that holds it, or `recordings/`, or the
 * tarballs themselves. A zip is preferred to a folder: it is checked by CRC. Or
 * the address of such a zip, or of a folder, ending with `/`, that holds it.
 * @throws {DataNotFoundError} If there is none.
 */
export async function openWingertRelease(
  path: string,
  options: ArchiveOptions = {},
): Promise<WingertRelease> {
  if (isAddress(path)) return await addressRelease(path, options);
  const zip = await isFile(path) ? path : join(path, "recordings.zip");
  if (await isFile(zip)) {
    const archive = await openZip(zip, options);
    return zipRelease(archive, await stampOf(zip), resolve(zip));
  }
  const inner = join(path, "recordings");
  const folder = await isFolder(inner) ? inner : path;
  const archive = await openFolder(folder, options);
  const units = [
    ...await folderTarballs(archive, folder),
    ...extractedUnits(archive),
  ];
  if (units.length === 0) {
    throw new DataNotFoundError(
      "Cannot find the recordings: expected recordings.zip, or a folder " +
        "recordings/ with its tarballs",
      { archive: path },
    );
  }
  return { archive, units, path: resolve(folder) };
}

async function addressRelease(
  address: string,
  options: ArchiveOptions,
): Promise<WingertRelease> {
  const zip = isFolderAddress(address)
    ? addressInFolder(address, "recordings.zip")
    : address;
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
  const units = archive.members
    .filter(({ path }) => /^recordings\/[^/.][^/]*\.tgz$/.test(path))
    .map(({ path }) => ({
      name: basename(path),
      path,
      isTarball: true,
      stamp,
    }));
  if (units.length === 0) {
    throw new DataNotFoundError(
      "Cannot find the recordings: expected recordings/*.tgz in the zip",
      { archive: archive.name },
    );
  }
  return { archive, units: units.sort(byName), path };
}

async function folderTarballs(
  archive: Archive,
  folder: string,
): Promise<StoredRecording[]> {
  const tarballs = archive.members.filter(({ path }) =>
    /^[^/.][^/]*\.tgz$/.test(path)
  );
  const units: StoredRecording[] = [];
  for (const { path } of tarballs) {
    const stamp = await stampOf(join(folder, path));
    units.push({ name: path, path, isTarball: true, stamp });
  }
  return units;
}

/** Folders that hold a session's files: no tarball is around them any more. */
function extractedUnits(archive: Archive): StoredRecording[] {
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
  })).sort(byName);
}

function byName(a: StoredRecording, b: StoredRecording): number {
  return a.path < b.path ? -1 : 1;
}

async function stampOf(file: string): Promise<string | null> {
  const { size, mtime } = await Deno.stat(file);
  return mtime && `${size} bytes, ${mtime.toISOString()}`;
}
