import { fileOf } from "./_file_of.ts";
import { type WatchedRun, watchedRun } from "./_watched_run.ts";
import type { RunFigures } from "./_wehr_run.ts";

/** Figures of the peer's runs, too: of ours it has those that it can. */
type Figures = Partial<RunFigures> & {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly unpackSeconds?: number;
  readonly importSeconds?: number;
};

/** One run of a reader. */
export type ReaderRun = WatchedRun<Figures>;

/** Reads a release in a process of its own; `more` are arguments of that. */
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

/** deepSTRF on zips that nobody has unpacked. */
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
