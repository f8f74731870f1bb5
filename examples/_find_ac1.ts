import { writeSyntheticAc1 } from "rxephys";
import { findData } from "./_find_data.ts";

/** The folder with CRCNS AC1, or with a synthetic one. */
export function findAc1(given?: string): Promise<string> {
  return findData({
    title: "CRCNS AC1",
    dataset: "crcns-ac1",
    variable: "CRCNS_AC1_DATA",
    file: "",
    write: (folder) => writeSyntheticAc1(folder, { seed: 1, scale: "small" }),
  }, given);
}
