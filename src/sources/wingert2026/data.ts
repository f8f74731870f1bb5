import { dataPath } from "../../publishers/data_path.ts";
import { checkDataFile, type DataFile, namedFile } from "../shared/data.ts";
import type { WingertPlaces } from "./_read_cells.ts";

/** Files of the Wingert et al. 2026 release, such as those picked in a browser. */
export interface WingertFiles {
  /** `recordings.zip`; by path or address also a folder that holds it. */
  readonly recordings: DataFile;
  /** `cell_list.csv`. */
  readonly cellList: DataFile;
}

/**
 * Refuses a `data` or `cellList` that names no release.
 *
 * @param required Files that an object of files must have.
 * @returns Looks up the places; reads the environment if `data` is undefined.
 * @throws {TypeError} If a value is of another type, or a file is missing or
 * given twice.
 * @throws {RangeError} If an address holds a user name or a password.
 */
export function checkWingertData(
  act: string,
  data: string | URL | Partial<WingertFiles> | undefined,
  cellList: DataFile | undefined,
  required: readonly (keyof WingertFiles)[],
): () => WingertPlaces {
  checkDataFile(act, cellList, "cellList");
  if (data === undefined || typeof data === "string" || data instanceof URL) {
    checkDataFile(act, data);
    return () => ({
      recordings: dataPath(data, "wingert2026", "WINGERT2026_DATA"),
      cellList: cellList && namedFile(cellList),
    });
  }
  if (typeof data !== "object" || data === null || data instanceof Blob) {
    throw new TypeError(
      `Cannot ${act}: data is ${String(data)}, expected a path, a URL, or ` +
        `files as { ${required.join(", ")} }`,
    );
  }
  if (cellList !== undefined) {
    throw new TypeError(
      `Cannot ${act}: cellList is given twice, expected it in data alone`,
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
  const { recordings, cellList: own } = data;
  return () => ({
    recordings: recordings && namedFile(recordings),
    cellList: own && namedFile(own),
  });
}
