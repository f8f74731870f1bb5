import {
  findPath,
  ioError,
  statPath,
} from "../../archive/bytes/byte_source.ts";
import { basename } from "../../base/path.ts";
import { DataNotFoundError, UnsupportedError } from "../../errors.ts";
import { isAddress, isFolderAddress, shownName } from "../../http/address.ts";
import { list, readText } from "../../platform/files.ts";

/** Journal of a folder that `toNwb` wrote: the sessions in their order. */
const JOURNAL = "rxephys-nwb.journal";
/** Files by which a folder is a store of Zarr. */
const ZARR = [".zgroup", ".zattrs", "zarr.json"];

/**
 * Files of a path: the file itself, or all `.nwb` below a folder, those of a
 * journal of `toNwb` in its order, others in the order of their paths.
 *
 * @throws {DataNotFoundError} If no file is there.
 * @throws {UnsupportedError} If the folder is a store of Zarr, or the address
 * that of a folder.
 */
export async function nwbFiles(
  act: string,
  data: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (isAddress(data)) {
    if (!isFolderAddress(data)) return [data];
    throw new UnsupportedError(
      `Cannot ${act}: a server does not list its files, expected the address ` +
        "of a file",
      { archive: shownName(data) },
    );
  }
  const { isDirectory } = await statPath(act, data, { signal });
  if (!isDirectory) return [data];
  for (const name of ZARR) {
    if (await findPath(act, `${data}/${name}`) === null) continue;
    throw new UnsupportedError(
      `Cannot ${act}: it is NWB on Zarr, expected an HDF5 file`,
      { archive: data },
    );
  }
  const files: string[] = [];
  await visit(act, data, files, signal);
  if (files.length === 0) {
    throw new DataNotFoundError(`Cannot ${act}: no file ends with .nwb`, {
      archive: data,
    });
  }
  const first = new Map(
    (await journalOrder(act, data)).map((name, at) => [`${data}/${name}`, at]),
  );
  const rank = (path: string): number => first.get(path) ?? Infinity;
  return files.sort((a, b) => {
    const [one, other] = [rank(a), rank(b)];
    return one === other ? a < b ? -1 : 1 : one - other;
  });
}

async function visit(
  act: string,
  folder: string,
  files: string[],
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const { name, isDirectory } of list(folder)) {
      signal.throwIfAborted();
      const path = `${folder}/${name}`;
      if (isDirectory) await visit(act, path, files, signal);
      else if (name.endsWith(".nwb")) files.push(path);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw ioError(act, error, { archive: folder });
  }
}

/** Names of files in a journal's order; none without a journal. */
async function journalOrder(act: string, folder: string): Promise<string[]> {
  const path = `${folder}/${JOURNAL}`;
  if (await findPath(act, path) === null) return [];
  const names: string[] = [];
  for (const line of (await readText(path)).split("\n")) {
    // Only the order is at stake: a line of another form has no file.
    const [, files] = /"mark":\{"files":\{("[^}]*)\}/.exec(line) ?? [];
    const [, name] = /^("(?:[^"\\]|\\.)*")/.exec(files ?? "") ?? [];
    if (name !== undefined) names.push(JSON.parse(name));
  }
  return names;
}

/** Name of a file without its ending. */
export function stemOf(path: string): string {
  return basename(shownName(path)).replace(/\.nwb$/, "");
}
