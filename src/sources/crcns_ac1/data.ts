import { dataPath } from "../../publishers/data_path.ts";
import { checkDataFile, type DataFile } from "../shared/data.ts";

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
