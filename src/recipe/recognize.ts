import type { ReadOptions } from "../base/abort.ts";
import { nearestName } from "../base/nearest.ts";
import { basename, dirname, join } from "../base/path.ts";
import { findPath } from "../archive/bytes/byte_source.ts";
import type { Archive } from "../archive/archive.ts";
import { DataNotFoundError, UnsupportedError } from "../errors.ts";
import {
  addressInFolder,
  isAddress,
  isFolderAddress,
  shownName,
} from "../http/address.ts";
import { dataPath, namedPath } from "../publishers/data_path.ts";
import {
  DATA_SET_NAMES,
  DATA_SETS,
  type DataSetName,
  isDataSetName,
} from "./data_set.ts";

/** A data set and where it lies. */
export interface FoundData {
  /** The data set. */
  readonly dataSet: DataSetName;
  /** Path or address, as its source takes it. */
  readonly data: string;
}

const ACT = "recognize the data set";
const RESULTS = ["asari-results-1", "asari-results-2"];

/**
 * Recognizes a data set by what is there: by the names of files in a folder, by
 * the directory of a zip. No recording is read.
 *
 * - A zip may have any name; what is extracted from it counts as well.
 * - CRCNS AC1 with only some of its three zips is its Wehr half.
 * - If nothing is at a path that is the name of a data set, that data set is
 *   sought where {@linkcode dataPath} finds it. A path that exists wins.
 *
 * @param data Path, address, or name of a data set.
 * @throws {DataNotFoundError} If no data set is there.
 * @throws {ArchiveError} If a zip is damaged.
 * @throws {UnsupportedError} If it is an NWB file.
 */
export async function recognize(
  data: string,
  options: ReadOptions = {},
): Promise<FoundData> {
  const path = namedPath(data);
  if (isAddress(path)) return await recognizeAddress(path, options);
  const info = await findPath(ACT, path);
  if (info?.isDirectory) return await recognizeFolder(path);
  if (info !== null) return await recognizeFile(path, options);
  if (!isDataSetName(data)) throw nothingThereError(data);
  const { folder, variable } = DATA_SETS[data];
  const kept = dataPath(undefined, folder, variable);
  if (data !== "crcns-ac1") return { dataSet: data, data: kept };
  const isThere = isAddress(kept) || await findPath(ACT, kept) !== null;
  return isThere
    ? await recognize(kept, options)
    : { dataSet: data, data: kept };
}

async function recognizeFolder(path: string): Promise<FoundData> {
  const has = async (...names: string[]): Promise<boolean> => {
    const found = names.map((name) => findPath(ACT, join(path, name)));
    return (await Promise.all(found)).some((info) => info !== null);
  };
  if (await has("cell_list.csv", "recordings.zip", "recordings")) {
    return { dataSet: "wingert2026", data: path };
  }
  const parts = [
    await has("crcns-ac1.zip", "crcns-ac1", "wehr", "asari"),
    ...await Promise.all(
      RESULTS.map((name) =>
        has(name, `crcns-ac1-${name}`, `crcns-ac1-${name}.zip`)
      ),
    ),
  ];
  return ac1Parts(path, parts);
}

async function recognizeFile(
  path: string,
  options: ReadOptions,
): Promise<FoundData> {
  if (basename(path) === "cell_list.csv") {
    return { dataSet: "wingert2026", data: dirname(path) };
  }
  if (path.endsWith(".nwb")) {
    throw new UnsupportedError(
      `Cannot ${ACT}: it is an NWB file, which has no chain of its own, ` +
        "expected a program that streams it with nwb() of rxephys/nwb",
      { archive: path },
    );
  }
  const { openZip } = await import("../archive/zip/zip.ts");
  return recognizeZip(path, await openZip(path, options));
}

async function recognizeAddress(
  address: string,
  options: ReadOptions,
): Promise<FoundData> {
  const { HttpSender } = await import("../publishers/sender.ts");
  const reading = { ...options, sender: new HttpSender() };
  if (!isFolderAddress(address)) {
    const { openHttpZip } = await import("../archive/zip/zip.ts");
    return recognizeZip(address, (await openHttpZip(address, reading)).archive);
  }
  const { openHttpSource } = await import("../archive/bytes/http_source.ts");
  const has = async (name: string): Promise<boolean> => {
    try {
      await openHttpSource(addressInFolder(address, name), reading);
      return true;
    } catch (error) {
      if (error instanceof DataNotFoundError) return false;
      throw error;
    }
  };
  if (await has("cell_list.csv")) {
    return { dataSet: "wingert2026", data: address };
  }
  const zips = ["crcns-ac1", ...RESULTS.map((name) => `crcns-ac1-${name}`)];
  const parts: boolean[] = [];
  for (const zip of zips) parts.push(await has(`${zip}.zip`));
  return ac1Parts(address, parts);
}

/**
 * Recognizes a data set by the directory of a zip.
 *
 * @param data Path, address or name of the zip.
 * @throws {DataNotFoundError} If no data set is in it.
 */
export function recognizeZip(data: string, { members }: Archive): FoundData {
  const holds = (pattern: RegExp): boolean =>
    members.some(({ path }) => pattern.test(path));
  if (holds(/^(?:[^/]+\/)?wehr\//)) return { dataSet: "wehr", data };
  if (holds(/^(?:[^/]+\/)?asari/)) return { dataSet: "asari", data };
  if (holds(/\.(?:tgz|tar\.gz)$|(?:^|\/)resp\.json$/)) {
    return { dataSet: "wingert2026", data };
  }
  throw notRecognizedError(data);
}

/** CRCNS AC1, as far as its three parts are there. */
function ac1Parts(data: string, parts: readonly boolean[]): FoundData {
  if (parts.every((isThere) => isThere)) return { dataSet: "crcns-ac1", data };
  if (parts[0]) return { dataSet: "wehr", data };
  if (parts.some((isThere) => isThere)) return { dataSet: "asari", data };
  throw notRecognizedError(data);
}

function nothingThereError(data: string): DataNotFoundError {
  const nearest = nearestName(data, DATA_SET_NAMES);
  const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
  return new DataNotFoundError(
    `Cannot ${ACT}: nothing is there, expected a path, an address, or one of ` +
      DATA_SET_NAMES.join(", ") + hint,
    { archive: data },
  );
}

function notRecognizedError(data: string): DataNotFoundError {
  return new DataNotFoundError(
    `Cannot ${ACT}: expected crcns-ac1.zip of CRCNS AC1 or what was extracted ` +
      "from it, or cell_list.csv and recordings.zip of Wingert 2026",
    { archive: shownName(data) },
  );
}
