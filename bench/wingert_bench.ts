/**
 * Reads synthetic releases of 100 and 800 MB from their archive to a sink, next to
 * a plain h5py + numpy loader of the same files: sessions/s, MB/s, peak RSS. Each
 * run is a separate process without the index of an earlier one. The releases
 * stay in the data folder for the next run.
 *
 * The lines of each run, and the ratio below them, exclude the start of Deno or
 * Python. The table of `deno bench` includes it.
 *
 * Run: `deno bench -A bench/wingert_bench.ts`, with `PYTHON` naming a Python
 * that has h5py and numpy.
 */
import { succeeds } from "../tests/support/succeeds.ts";
import { dataFolder } from "rxephys";
import { writeSyntheticWingert } from "rxephys/synthetic";
import type {
  WingertFigures,
  WingertResult,
  WingertSink,
} from "./_wingert_run.ts";
import { fileOf, pathExists } from "./_files.ts";
import { median } from "./_statistics.ts";

const SIZES_MB = [100, 800];
const SINKS: readonly WingertSink[] = ["dataset", "ndjson"];
const PYTHON = Deno.env.get("PYTHON") ?? "python3";
const SOUND_TOLERANCE = 1e-9;
const PEER = "h5py + numpy";

type Reader = (
  release: string,
  sink: WingertSink,
  ...flags: string[]
) => Promise<WingertFigures>;

const peer: Reader = (release, sink, ...flags) =>
  figuresOf(PYTHON, [
    fileOf("./peers/wingert_h5py.py"),
    ...[release, sink, ...flags],
  ]);
const rxephys: Reader = (release, sink, ...flags) =>
  figuresOf(Deno.execPath(), [
    ...["run", "-A", fileOf("./_wingert_run.ts")],
    ...[release, sink, ...flags],
  ]);

const allCores: Reader = (release, sink, ...flags) =>
  rxephys(release, sink, "--parallel", ...flags);

const hasPeer = await succeeds(PYTHON, ["-c", "import h5py, numpy"]);
if (!hasPeer) {
  console.log(`${PYTHON} lacks h5py and numpy: the peer does not run.`);
}
const peakRss: number[] = [];
/** Seconds of every run, by release and reader. */
const taken = new Map<string, Map<string, number[]>>();

for (const megabytes of SIZES_MB) {
  const release = await releaseOf(megabytes);
  const { size } = await Deno.stat(`${release}/recordings.zip`);
  for (const sink of SINKS) {
    const own = await rxephys(release, sink, "--check");
    if (sink === "ndjson") peakRss.push(own.peakRss);
    if (hasPeer) {
      const other = await peer(release, sink, "--check");
      checkSame(own.result, other.result);
    }
    console.log(
      `${megabytes} MB to ${sink}${hasPeer ? ", both" : ""}: ` +
        JSON.stringify(own.result),
    );
    checkSame(own.result, (await allCores(release, sink, "--check")).result);
    const readers = {
      rxephys,
      "rxephys, all cores": allCores,
      ...(hasPeer ? { [PEER]: peer } : {}),
    };
    for (const [name, reader] of Object.entries(readers)) {
      Deno.bench({
        name: `${name} to ${sink}, ${megabytes} MB`,
        group: `${sink} ${megabytes}`,
        baseline: reader === rxephys,
        n: 3,
        warmup: 0,
        fn: async () => {
          const figures = await reader(release, sink);
          report(name, sink, size, figures);
          reportRatio(`${sink}, ${megabytes} MB`, name, figures.seconds);
        },
      });
    }
  }
}
console.log(
  `Peak RSS to ndjson, ${SIZES_MB[1]} MB over ${SIZES_MB[0]} MB: ` +
    ((peakRss[1] as number) / (peakRss[0] as number)).toFixed(2),
);

async function releaseOf(megabytes: number): Promise<string> {
  const release = dataFolder(`wingert2026-bench-${megabytes}`);
  if (!await pathExists(`${release}/truth.json`)) {
    console.log(`Writing ${megabytes} MB to ${release}`);
    await writeSyntheticWingert(release, { seed: 1, scale: megabytes });
  }
  return release;
}

function report(
  name: string,
  sink: WingertSink,
  bytes: number,
  { sessions, seconds, peakRss }: WingertFigures,
): void {
  console.log(
    `${name} to ${sink}, ${(bytes / 1e6).toFixed(0)} MB: ` +
      `${seconds.toFixed(2)} s, ` +
      `${(sessions / seconds).toFixed(2)} sessions/s, ` +
      `${(bytes / 1e6 / seconds).toFixed(1)} MB/s, ` +
      `peak RSS ${(peakRss / 1e6).toFixed(0)} MB`,
  );
}

/** Prints the ratio of the medians so far; below 1 the peer is faster. */
function reportRatio(what: string, name: string, seconds: number): void {
  const runs = taken.get(what) ?? new Map<string, number[]>();
  taken.set(what, runs.set(name, [...runs.get(name) ?? [], seconds]));
  const peerRuns = runs.get(PEER);
  if (!peerRuns) return;
  for (const [reader, own] of runs) {
    if (reader === PEER) continue;
    const ratio = median(peerRuns) / median(own);
    console.log(`  ${reader} is ${ratio.toFixed(2)} times as fast (${what})`);
  }
}

/** Compares counts exactly, and sums up to the order of addition. */
function checkSame(own: WingertResult, other: WingertResult): void {
  const { sound = 0, ...counts } = own;
  const { sound: otherSound = 0, ...otherCounts } = other;
  const isSame = JSON.stringify(counts) === JSON.stringify(otherCounts) &&
    Math.abs(sound - otherSound) <= SOUND_TOLERANCE * sound;
  if (isSame) return;
  throw new Error(
    `Results differ: ${JSON.stringify(own)}, ${JSON.stringify(other)}`,
  );
}

async function figuresOf(
  command: string,
  args: string[],
): Promise<WingertFigures> {
  const { code, stdout, stderr } = await new Deno.Command(command, { args })
    .output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}
