import type { FloorFigures } from "./_floor_run.ts";
import { fileOf, pathExists } from "./_files.ts";
import { type WatchedRun, watchedRun } from "./_watched_run.ts";
import type { RunFigures } from "./_wehr_run.ts";

/** Figures of a run; the peer's and the floor's lack some. */
type Figures = Partial<RunFigures> & {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly unpackSeconds?: number;
  readonly importSeconds?: number;
  readonly versions?: Readonly<Record<string, string>>;
};

/** One run of a reader. */
export type ReaderRun = WatchedRun<Figures>;

/** Reads a release in a separate process; `more` are further arguments. */
export type Reader = (...more: string[]) => Promise<ReaderRun>;

/** Name of the lower bound among the readers. */
export const FLOOR = "floor";
/** Name of the peer among the readers. */
export const PEER = "deepSTRF";

/**
 * Readers of the Wehr half of a release, the floor first and the peer last.
 *
 * @param known Folder in which an earlier run left its index.
 * @param python Python that has deepSTRF.
 */
export function wehrReaders(
  release: string,
  known: string,
  python: string | undefined,
): Record<string, Reader> {
  const again = { RXEPHYS_DATA_DIR: known };
  return {
    [FLOOR]: floorReader(release),
    "dataset, one core": ownReader(release, ["dataset"]),
    "dataset, second start": ownReader(release, ["dataset"], again),
    "dataset, all cores": ownReader(release, ["dataset", "--parallel"]),
    "NDJSON, one core": ownReader(release, ["ndjson"]),
    "NDJSON, all cores": ownReader(release, ["ndjson", "--parallel"]),
    ...(python !== undefined && { [PEER]: peerReader(release, python) }),
  };
}

/** Lower bound for any reader: reads, inflates and touches every sample. */
function floorReader(release: string): Reader {
  const args = ["run", "-A", fileOf("./_floor_run.ts"), release];
  return () => watchedRun<FloorFigures>(Deno.execPath(), args);
}

/** This library. Without an environment, a run finds no index of an earlier one. */
export function ownReader(
  release: string,
  flags: readonly string[],
  env?: Readonly<Record<string, string>>,
): Reader {
  return async (...more) => {
    const folder = await Deno.makeTempDir();
    try {
      return await watchedRun(
        Deno.execPath(),
        ["run", "-A", fileOf("./_wehr_run.ts"), release, ...flags, ...more],
        env ?? { RXEPHYS_DATA_DIR: folder },
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };
}

/** deepSTRF, which unpacks the zips first. */
function peerReader(release: string, python: string): Reader {
  return async (...more) => {
    const folder = await Deno.makeTempDir();
    try {
      for await (const { name } of Deno.readDir(release)) {
        if (!name.endsWith(".zip")) continue;
        const zip = await Deno.realPath(`${release}/${name}`);
        await Deno.symlink(zip, `${folder}/${name}`);
      }
      await standInForAsari(folder);
      const script = fileOf("./peers/ac1_deepstrf.py");
      return await watchedRun(python, [script, folder, ...more]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };
}

/** Makes the folders of the Asari half, which deepSTRF looks for in any case. */
async function standInForAsari(folder: string): Promise<void> {
  for (const half of [1, 2]) {
    const name = `crcns-ac1-asari-results-${half}`;
    if (await pathExists(`${folder}/${name}.zip`)) continue;
    await Deno.mkdir(`${folder}/${name}/asari-results-${half}`, {
      recursive: true,
    });
  }
}
