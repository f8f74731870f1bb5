import { dataFolder, download } from "rxephys";
import { showDownload } from "./_download_progress.ts";

/** Places where an example looks for a data set. */
export interface DataPlace {
  /** Name of the data set in messages. */
  readonly title: string;
  /** Name of its folder in the data folder. */
  readonly dataset: "crcns-ac1" | "wingert2026";
  /** Environment variable that may name its folder. */
  readonly variable: string;
  /** A file that every folder with the data holds. */
  readonly file: string;
  /**
   * Name of the folder for a synthetic release.
   *
   * @default {`${dataset}-synthetic`}
   */
  readonly synthetic?: string;
  /** Writes a synthetic release to a folder. */
  readonly write: (folder: string) => Promise<unknown>;
}

/** Options of a download before the run. */
export interface Fetching {
  /** Whether to download. */
  readonly download?: boolean;
  /** Files to download, if not all. */
  readonly files?: readonly string[];
}

/**
 * Finds the folder with a data set: the given one, the one that its variable
 * names, or the one in the data folder. Missing files are downloaded on request.
 * Without data, it writes a small synthetic release and returns its folder.
 */
export async function findData(
  place: DataPlace,
  given?: string,
  { download: isWanted, files }: Fetching = {},
): Promise<string> {
  const { title, dataset, variable, file, write } = place;
  // A given folder needs no permission to read the environment.
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
    const onProgress = progress.update;
    await download(dataset, { dir, onProgress, ...(files && { files }) });
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
