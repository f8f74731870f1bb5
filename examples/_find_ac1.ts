import { writeSyntheticAc1 } from "rxephys/synthetic";
import { type Fetching, findData } from "./_find_data.ts";

/**
 * Finds the folder with CRCNS AC1, or writes a synthetic release, by default of
 * linear cells.
 */
export function findAc1(
  given?: string,
  fetching?: Fetching,
  response: "linear" | "nonlinear" = "linear",
): Promise<string> {
  // Nonlinear cells take more data to learn.
  const scale = response === "linear" ? "small" : 60;
  return findData(
    {
      title: "CRCNS AC1",
      dataset: "crcns-ac1",
      variable: "CRCNS_AC1_DATA",
      file: "",
      ...(response === "nonlinear" && { synthetic: "crcns-ac1-nonlinear" }),
      write: (folder) =>
        writeSyntheticAc1(folder, { seed: 1, response, scale }),
    },
    given,
    fetching,
  );
}
