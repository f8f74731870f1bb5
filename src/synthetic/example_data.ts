import { join } from "../base/path.ts";
import { statIfThere } from "../platform/files.ts";
import { variable } from "../platform/environment.ts";
import { dataFolder } from "../publishers/data_path.ts";
import { writeSyntheticAc1 } from "./write_synthetic_ac1.ts";
import { writeSyntheticLab } from "./write_synthetic_lab.ts";
import { writeSyntheticWingert } from "./write_synthetic_wingert.ts";

/**
 * Data that an example can run on: `lab` stands for a lab's own sounds and spike
 * times, `crcns-ac1-nonlinear` for a release of AC1 whose cells are nonlinear.
 */
export type ExampleDataset =
  | "crcns-ac1"
  | "crcns-ac1-nonlinear"
  | "wingert2026"
  | "lab";

/** Where the data may be, and how to make them up. */
interface Place {
  /** Environment variable that may name the folder. */
  readonly variable?: string;
  /** Folder in the data folder, and what the real data have one of there. */
  readonly real?: readonly [folder: string, ...names: readonly string[]];
  /** A file that is there once the synthetic data are complete. */
  readonly last: string;
  readonly write: (folder: string) => Promise<unknown>;
}

const AC1 = {
  variable: "CRCNS_AC1_DATA",
  // The folder may hold an index of stimuli without the data.
  real: ["crcns-ac1", "crcns-ac1.zip", "crcns-ac1", "wehr", "asari"],
  last: "truth.json",
} as const;

const PLACES: Readonly<Record<ExampleDataset, Place>> = {
  "crcns-ac1": {
    ...AC1,
    write: (folder) => writeSyntheticAc1(folder, { seed: 1, scale: "small" }),
  },
  "crcns-ac1-nonlinear": {
    ...AC1,
    // Nonlinear cells take more data to learn.
    write: (folder) =>
      writeSyntheticAc1(folder, { seed: 1, response: "nonlinear", scale: 60 }),
  },
  wingert2026: {
    variable: "WINGERT2026_DATA",
    // The folder may hold the index of sessions without the data.
    real: ["wingert2026", "cell_list.csv"],
    last: "truth.json",
    write: (folder) =>
      writeSyntheticWingert(folder, { seed: 1, scale: "small" }),
  },
  lab: { last: "spikes.csv", write: writeSyntheticLab },
};

/**
 * Finds the data for an example: the given folder, the one that the data set's
 * environment variable names, the one in the data folder (`dataFolder`), or else a
 * small synthetic release, which is written there once.
 *
 * @example The same chain with and without the data
 * ```ts
 * import { crcnsAc1Pipeline, toDataset, wehr } from "rxephys";
 * import { exampleData } from "rxephys/synthetic";
 * import { lastValueFrom } from "rxjs";
 *
 * const data = await exampleData("crcns-ac1", Deno.args[0]);
 * const sessions = wehr(data).pipe(crcnsAc1Pipeline());
 * console.log(data, String(await lastValueFrom(sessions.pipe(toDataset()))));
 * ```
 *
 * @param dataset Which data.
 * @param given Folder to use, if any: nothing else is looked at.
 * @returns Path of a folder; that of a synthetic release ends with `-synthetic`.
 * @throws {RangeError} If there is no such data set.
 */
export async function exampleData(
  dataset: ExampleDataset,
  given?: string,
): Promise<string> {
  const place = Object.hasOwn(PLACES, dataset) ? PLACES[dataset] : undefined;
  if (place === undefined) {
    throw new RangeError(
      `Cannot find example data: dataset is ${dataset}, expected ` +
        Object.keys(PLACES).join(", "),
    );
  }
  if (given !== undefined) return given;
  const named = place.variable && variable(place.variable);
  if (named) return named;
  if (place.real !== undefined) {
    const [folder, ...names] = place.real;
    const real = dataFolder(folder);
    for (const name of names) {
      if (await statIfThere(join(real, name))) return real;
    }
  }
  const synthetic = dataFolder(`${dataset}-synthetic`);
  const last = await statIfThere(join(synthetic, place.last));
  if (last === null) await place.write(synthetic);
  return synthetic;
}
