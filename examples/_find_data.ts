import { dataFolder, download } from "rxephys";
import { showDownload } from "./_download_progress.ts";

/** Where an example looks for a data set. */
export interface DataPlace {
  /** How the data set is called. */
  readonly title: string;
  /** Its folder in the data folder. */
  readonly dataset: "crcns-ac1" | "wingert2026";
  /** Variable that may name its folder. */
  readonly variable: string;
  /** A file that is in the folder where the data are. */
  readonly file: string;
  /**
   * Folder of a synthetic release in the data folder.
   *
   * @default the data set's, with `-synthetic` behind it
   */
  readonly synthetic?: string;
  /** Writes a synthetic release into a folder. */
  readonly write: (folder: string) => Promise<unknown>;
}

/** Whether to download a data set first. */
export interface Fetching {
  /** Whether to. */
  readonly download?: boolean;
  /** What of it, if not all. */
  readonly files?: readonly string[];
}

/**
 * The folder with a data set: as given, as its variable says, or in the data
 * folder. What is missing there is downloaded if that is asked for; else, where
 * there is none, a small synthetic release is written and used.
 */
export async function findData(
  place: DataPlace,
  given?: string,
  { download: isWanted, files }: Fetching = {},
): Promise<string> {
  const { title, dataset, variable, file, write } = place;
  // What is named needs no look at the environment.
  const named = given ?? Deno.env.get(variable);
  if (isWanted) {
    return await fetched(dataset, named || dataFolder(dataset), files);
  }
  if (named) return named;
  const cached = dataFolder(dataset);
  if (await exists(`${cached}/${file}`)) return cached;
  const synthetic = dataFolder(place.synthetic ?? `${dataset}-synthetic`);
  console.error(
    `No ${title} here (looked for --data, ${variable} and ${cached}; ` +
      `--download fetches it).\n` +
      `Using a small synthetic release in the same layout: ${synthetic}`,
  );
  if (!await exists(`${synthetic}/truth.json`)) await write(synthetic);
  return synthetic;
}

async function fetched(
  dataset: DataPlace["dataset"],
  dir: string,
  files?: readonly string[],
): Promise<string> {
  const progress = showDownload();
  try {
    await download(dataset, { dir, files, onProgress: progress.update });
  } finally {
    progress.done();
  }
  return dir;
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
