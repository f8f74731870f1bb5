/**
 * Reads the Wehr half of synthetic releases from its zip to a dataset and to
 * NDJSON, on one core and on all, next to deepSTRF on the same files. Results are
 * compared before any time is printed. Each run is a separate process, readers
 * take turns, and ratios are ratios of medians.
 *
 * Run: `deno run -A bench/end_to_end.ts --help`.
 */
import { parseFlags } from "../examples/_flags.ts";
import { dataFolder } from "rxephys";
import { writeSyntheticAc1 } from "rxephys/synthetic";
import type { FloorFigures } from "./_floor_run.ts";
import {
  median,
  printGrowth,
  printRatios,
  printRows,
  type ReaderRow,
  rowOf,
} from "./_reader_rows.ts";
import { checkSameArrays, checkSameLines } from "./_same_arrays.ts";
import { stageShares } from "./_stage_shares.ts";
import { type WatchedRun, watchedRun } from "./_watched_run.ts";
import {
  ownReader,
  peerReader,
  type Reader,
  type ReaderRun,
} from "./_wehr_readers.ts";
import { fileOf, pathExists } from "./_files.ts";
import { itemAt } from "../tests/support/item_at.ts";

const FLAGS = parseFlags({
  usage: "deno run -A bench/end_to_end.ts [flags]",
  flags: {
    scale: { value: "MB,MB", about: "releases to read (default 200,1000)" },
    runs: { value: "N", about: "runs of every reader", number: 5 },
    peer: {
      value: "PYTHON",
      about: "a Python with deepSTRF (default PEER_PYTHON, else no peer)",
    },
    data: { value: "FOLDER", about: "folder for the releases" },
    mode: {
      value: "NAME",
      about: "compare (default), slow, floor or profile",
    },
  },
}, Deno.args);
const PEER = FLAGS.peer ?? Deno.env.get("PEER_PYTHON");
const MODES = { compare, slow, floor, profile };

const scratch = await Deno.makeTempDir();
try {
  const mode = FLAGS.mode ?? "compare";
  if (!(mode in MODES)) {
    throw new RangeError(
      `--mode is "${mode}", expected ${Object.keys(MODES).join(", ")}`,
    );
  }
  await printMachine();
  await MODES[mode as keyof typeof MODES](await releases());
} finally {
  await Deno.remove(scratch, { recursive: true });
}

interface Release {
  readonly folder: string;
  readonly megabytes: number;
}

async function releases(): Promise<Release[]> {
  const all: Release[] = [];
  for (const megabytes of (FLAGS.scale ?? "200,1000").split(",").map(Number)) {
    const folder = `${FLAGS.data ?? dataFolder("bench")}/ac1-${megabytes}`;
    if (!await pathExists(`${folder}/truth.json`)) {
      console.log(`Writing ${megabytes} MB to ${folder}`);
      await writeSyntheticAc1(folder, { seed: 1, scale: megabytes });
    }
    all.push({ folder, megabytes });
  }
  return all;
}

async function printMachine(): Promise<void> {
  const info = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  const model = /model name\s*: (.*)/.exec(info)?.[1] ?? Deno.build.arch;
  console.log(
    `${model}, ${navigator.hardwareConcurrency} cores, ${Deno.build.os}, ` +
      `Deno ${Deno.version.deno}, load ${Deno.loadavg()[0]?.toFixed(1)}`,
  );
}

async function compare(all: readonly Release[]): Promise<void> {
  const streams: ReaderRow[] = [];
  for (const { folder, megabytes } of all) {
    const readers: Record<string, Reader> = {
      "dataset, one core": ownReader(folder, "dataset"),
      "dataset, all cores": ownReader(folder, "dataset", "--parallel"),
      "ndjson, one core": ownReader(folder, "ndjson"),
      "ndjson, all cores": ownReader(folder, "ndjson", "--parallel"),
      ...(PEER ? { deepSTRF: peerReader(folder, PEER) } : {}),
    };
    await checkResults(readers);
    console.log(`\n${megabytes} MB, results equal`);
    const rows = await measured(readers);
    printRows(rows);
    printRatios(rows);
    streams.push(itemAt(rows, 2));
  }
  const [small, large] = streams;
  if (small && large) printGrowth(small, large);
}

async function checkResults(readers: Record<string, Reader>): Promise<void> {
  const reader = (i: number): Reader => itemAt(Object.values(readers), i);
  const prefix = `${scratch}/own`;
  await reader(0)("--out", prefix);
  await reader(1)("--out", `${scratch}/many`);
  await checkSameArrays(prefix, `${scratch}/many`, "bits");
  for (const [i, lines] of [reader(2), reader(3)].entries()) {
    const path = `${scratch}/${i}.ndjson`;
    await lines("--out", path);
    await checkSameLines(path, prefix);
    await Deno.remove(path);
  }
  if (!readers.deepSTRF) return;
  await readers.deepSTRF(`${scratch}/peer`);
  await checkSameArrays(prefix, `${scratch}/peer`, "bounds");
}

async function measured(readers: Record<string, Reader>): Promise<ReaderRow[]> {
  const runs = new Map<string, ReaderRun[]>();
  for (let i = 0; i < FLAGS.runs; i++) {
    for (const [name, reader] of Object.entries(readers)) {
      runs.set(name, [...runs.get(name) ?? [], await reader()]);
    }
  }
  return [...runs].map(([name, all]) => rowOf(name, all));
}

/** Peak memory behind a slow consumer, and behind slow operators. */
async function slow(all: readonly Release[]): Promise<void> {
  for (const what of ["consumer", "operators"]) {
    const peaks: number[] = [];
    for (const { folder, megabytes } of all) {
      const { peakRss } = await ownReader(folder, "ndjson", "--slow", what)();
      peaks.push(peakRss);
      console.log(
        `${megabytes} MB, slow ${what}: peak RSS ` +
          `${(peakRss / 1e6).toFixed(0)} MB`,
      );
    }
    console.log(
      `Large over small: ${
        ((peaks[1] as number) / (peaks[0] as number)).toFixed(2)
      }`,
    );
  }
}

/** Lower bound for any program: reads, inflates and touches every sample. */
async function floor(all: readonly Release[]): Promise<void> {
  for (const { folder, megabytes } of all) {
    const args = ["run", "-A", fileOf("./_floor_run.ts"), folder];
    const runs: WatchedRun<FloorFigures>[] = [];
    for (let i = 0; i < FLAGS.runs; i++) {
      runs.push(await watchedRun(Deno.execPath(), args));
    }
    const seconds = median(runs.map(({ figures }) => figures.seconds));
    const cpuSeconds = median(runs.map(({ figures }) => figures.cpuSeconds));
    const { samples } = itemAt(runs, 0).figures;
    console.log(
      `${megabytes} MB: ${seconds.toFixed(2)} s, CPU ${
        cpuSeconds.toFixed(2)
      } ` +
        `s, ${(samples / 1e6).toFixed(1)} million samples`,
    );
  }
}

/** Share of each stage on one core. */
async function profile(all: readonly Release[]): Promise<void> {
  for (const { folder, megabytes } of all) {
    const prof = await Deno.makeTempDir({ dir: scratch });
    const run = fileOf("./_wehr_run.ts");
    await watchedRun(Deno.execPath(), [
      ...["run", "-A", "--cpu-prof", `--cpu-prof-dir=${prof}`],
      ...[run, folder, "dataset"],
    ]);
    const { name } = itemAt(await Array.fromAsync(Deno.readDir(prof)), 0);
    const text = await Deno.readTextFile(`${prof}/${name}`);
    console.log(`\n${megabytes} MB to a dataset, one core`);
    for (const [stage, share] of stageShares(JSON.parse(text))) {
      console.log(`| ${stage} | ${(100 * share).toFixed(1)} % |`);
    }
  }
}
