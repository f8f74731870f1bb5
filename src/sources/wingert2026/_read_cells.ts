import {
  checkDataFile,
  type DataFile,
  dataPath,
  namedFile,
} from "../../publishers/data_path.ts";
import type { ReadOptions } from "../../base/abort.ts";
import { dirname, join } from "../../base/path.ts";
import { DataNotFoundError } from "../../errors.ts";
import type { CellMeta } from "../../session.ts";
import type { ArchiveOptions } from "../../archive/archive.ts";
import { blobSource } from "../../archive/bytes/blob_source.ts";
import {
  type ByteSource,
  fileSource,
  findPath,
  statPath,
} from "../../archive/bytes/byte_source.ts";
import { pullStream } from "../../archive/bytes/pull_stream.ts";
import {
  addressBeside,
  addressInFolder,
  isAddress,
  isFolderAddress,
  shownName,
} from "../../http/address.ts";
import { readCellList } from "./_cell_list.ts";
import { type CheckedFilters, filteredCells } from "./filters.ts";

/** Files of a release: paths, addresses or blobs. */
export interface WingertPlaces {
  /** Recordings; undefined if only the cell list is given. */
  readonly recordings: string | Blob | undefined;
  /** Cell list; undefined if it lies beside the recordings. */
  readonly cellList: string | Blob | undefined;
  /** Sounds; undefined if they lie beside the recordings. */
  readonly wav: string | Blob | undefined;
}

/** Files of the Wingert et al. 2026 release, such as those picked in a browser. */
export interface WingertFiles {
  /** `recordings.zip`; by path or address also a folder that holds it. */
  readonly recordings: DataFile;
  /** `cell_list.csv`. */
  readonly cellList: DataFile;
  /** `wav.zip`, or by path a folder with its files; needed for waveforms alone. */
  readonly wav?: DataFile;
}

/**
 * Refuses a `data`, `cellList` or `wav` that names no release.
 *
 * @param own Values of the options `cellList` and `wav`.
 * @param required Files that an object of files must have.
 * @returns Looks up the places; reads the environment if `data` is undefined.
 * @throws {TypeError} If a value is of another type, or a file is missing or
 * given twice.
 * @throws {RangeError} If an address holds a user name or a password.
 */
export function checkWingertData(
  act: string,
  data: string | URL | Partial<WingertFiles> | undefined,
  own: {
    readonly cellList?: DataFile | undefined;
    readonly wav?: DataFile | undefined;
  },
  required: readonly (keyof WingertFiles)[],
): () => WingertPlaces {
  const { cellList, wav } = own;
  checkDataFile(act, cellList, "cellList");
  checkDataFile(act, wav, "wav");
  if (data === undefined || typeof data === "string" || data instanceof URL) {
    checkDataFile(act, data);
    return () => ({
      recordings: dataPath(data, "wingert2026", "WINGERT2026_DATA"),
      cellList: cellList && namedFile(cellList),
      wav: wav && namedFile(wav),
    });
  }
  if (typeof data !== "object" || data === null || data instanceof Blob) {
    throw new TypeError(
      `Cannot ${act}: data is ${String(data)}, expected a path, a URL, or ` +
        `files as { ${required.join(", ")} }`,
    );
  }
  for (const [name, option] of Object.entries(own)) {
    if (option === undefined) continue;
    throw new TypeError(
      `Cannot ${act}: ${name} is given twice, expected it in data alone`,
    );
  }
  for (const name of required) {
    if (data[name] !== undefined) continue;
    throw new TypeError(
      `Cannot ${act}: data.${name} is undefined, expected a path, a URL, a ` +
        "File or a Blob",
    );
  }
  checkDataFile(act, data.recordings, "data.recordings");
  checkDataFile(act, data.cellList, "data.cellList");
  checkDataFile(act, data.wav, "data.wav");
  const named = (file?: DataFile): string | Blob | undefined =>
    file && namedFile(file);
  return () => ({
    recordings: named(data.recordings),
    cellList: named(data.cellList),
    wav: named(data.wav),
  });
}

/** Bytes of the cell list per read. */
const PIECE = 1 << 18;

/**
 * Reads the cells of a release's cell list that pass the filters, in its order.
 * No recording is opened.
 *
 * @throws {RangeError} If a site is not in the list, or no cell passes.
 * @throws {DataNotFoundError} If there is no cell list.
 */
export async function readCells(
  act: string,
  places: WingertPlaces,
  filters: CheckedFilters,
  options: ArchiveOptions,
): Promise<CellMeta[]> {
  const source = await cellListSource(places, options);
  source.expect?.([{ offset: 0, length: source.size }]);
  const stream = pullStream((signal) => filePieces(source, signal), options);
  const place = { archive: shownName(source.name) };
  const rows = await Array.fromAsync(
    readCellList(stream, place, options.limits),
  );
  options.signal?.throwIfAborted();
  return filteredCells(act, rows.map((row) => ({ ...row })), filters);
}

async function cellListSource(
  { recordings = "", cellList }: WingertPlaces,
  options: ReadOptions,
): Promise<ByteSource> {
  if (cellList instanceof Blob) return blobSource(cellList);
  const path = cellList ?? await besideRecordings(String(recordings), options);
  if (isAddress(path)) {
    const { openHttpSource } = await import(
      "../../archive/bytes/http_source.ts"
    );
    const { HttpSender } = await import("../../publishers/sender.ts");
    return await openHttpSource(path, { ...options, sender: new HttpSender() });
  }
  if (await findPath("find the cell list", path) === null) {
    throw new DataNotFoundError(
      "Cannot read cell list: there is none, expected cell_list.csv beside " +
        "recordings.zip or recordings/",
      { archive: path },
    );
  }
  return fileSource(
    path,
    (await statPath("read cell list", path, options)).size,
  );
}

async function besideRecordings(
  path: string,
  options: ReadOptions,
): Promise<string> {
  if (isAddress(path)) {
    return isFolderAddress(path)
      ? addressInFolder(path, "cell_list.csv")
      : addressBeside(path, "cell_list.csv");
  }
  const { isFile } = await statPath("find the recordings", path, options);
  return join(isFile ? dirname(path) : path, "cell_list.csv");
}

async function* filePieces(
  source: ByteSource,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.size; at += PIECE) {
    const length = Math.min(PIECE, source.size - at);
    yield await source.read(at, length, { signal });
  }
}
