import { writeSyntheticWingert } from "rxephys/synthetic";
import { type Fetching, findData } from "./_find_data.ts";

/** Finds the folder with Wingert 2026, or writes a synthetic release. */
export function findWingert2026(
  given?: string,
  fetching?: Fetching,
): Promise<string> {
  return findData(
    {
      title: "Wingert 2026",
      dataset: "wingert2026",
      variable: "WINGERT2026_DATA",
      // The folder may hold the index of sessions without the data.
      file: "cell_list.csv",
      write: (folder) =>
        writeSyntheticWingert(folder, { seed: 1, scale: "small" }),
    },
    given,
    fetching,
  );
}
