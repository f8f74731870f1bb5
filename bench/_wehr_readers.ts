import { type WatchedRun, watchedRun } from "./_watched_run.ts";
import type { RunFigures } from "./_wehr_run.ts";
import { fileOf } from "./_files.ts";

/** Figures of a run; the peer's lack some. */
type Figures = Partial<RunFigures> & {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly unpackSeconds?: number;
  readonly importSeconds?: number;
};

/** One run of a reader. */
export type ReaderRun = WatchedRun<Figures>;

/** Reads a release in a separate process; `more` are further arguments. */
export type Reader = (...more: string[]) => Promise<ReaderRun>;

/** This library, to a dataset or to NDJSON. */
export function ownReader(
  release: string,
  sink: "dataset" | "ndjson",
  ...flags: string[]
): Reader {
  return (...more) =>
    watchedRun(Deno.execPath(), [
      ...["run", "-A", fileOf("./_wehr_run.ts")],
      ...[release, sink, ...flags, ...more],
    ]);
}

/** deepSTRF, which unpacks the zips first. */
export function peerReader(release: string, python: string): Reader {
  return async (...more) => {
    const folder = await Deno.makeTempDir();
    try {
      for await (const { name } of Deno.readDir(release)) {
        if (!name.endsWith(".zip")) continue;
        const zip = await Deno.realPath(`${release}/${name}`);
        await Deno.symlink(zip, `${folder}/${name}`);
      }
      const script = fileOf("./peers/ac1_deepstrf.py");
      return await watchedRun(python, [script, folder, ...more]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };
}
