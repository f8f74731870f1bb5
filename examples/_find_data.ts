import { dataFolder } from "rxephys";

/** Where an example looks for a data set. */
export interface DataPlace {
  /** How the data set is called. */
  readonly title: string;
  /** Its folder in the data folder. */
  readonly dataset: string;
  /** Variable that may name its folder. */
  readonly variable: string;
  /** A file that is in the folder where the data are. */
  readonly file: string;
  /** Writes a synthetic release into a folder. */
  readonly write: (folder: string) => Promise<unknown>;
}

/**
 * The folder with a data set: as given, as its variable says, or in the data
 * folder. Where there is none, a small synthetic release is written and used.
 */
export async function findData(
  { title, dataset, variable, file, write }: DataPlace,
  given?: string,
): Promise<string> {
  const named = given ?? Deno.env.get(variable);
  if (named) return named;
  const cached = dataFolder(dataset);
  if (await exists(`${cached}/${file}`)) return cached;
  const synthetic = dataFolder(`${dataset}-synthetic`);
  console.error(
    `No ${title} here (looked for --data, ${variable} and ${cached}).\n` +
      `Using a small synthetic release in the same layout: ${synthetic}`,
  );
  if (!await exists(`${synthetic}/truth.json`)) await write(synthetic);
  return synthetic;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
